using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace MoMo.Silo.Docs;

/// <summary>Names of schemas: <c>Payment</c> rather than <c>PaymentView</c>, <c>PaymentPage</c> rather than <c>PageOfPaymentView</c>.</summary>
internal static class SchemaNames
{
    public static string? Of(JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name) return null;
        if (name.StartsWith("PageOf", StringComparison.Ordinal)) return $"{Short(name[6..])}Page";
        return Short(name);
    }

    private static string Short(string name) => name.EndsWith("View", StringComparison.Ordinal) ? name[..^4] : name;
}
