using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MoMo.Silo.Docs;

/// <summary>Makes the comments of the wire records read well outside of C#.</summary>
internal sealed partial class SchemaWords : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema.Description = Plain(schema.Description);
        foreach (var property in schema.Properties?.Values.OfType<OpenApiSchema>() ?? []) property.Description = Plain(property.Description);
        return Task.CompletedTask;
    }

    /// <summary>Names of C# members (<c>string? NewPayment.ReferenceId</c>) become the names of the fields (<c>reference_id</c>).</summary>
    private static string? Plain(string? text) => text is null
        ? null
        : Member().Replace(text, match => $"`{string.Concat(match.Groups[1].Value.Select((letter, place) =>
            char.IsUpper(letter) ? $"{(place == 0 ? "" : "_")}{char.ToLowerInvariant(letter)}" : $"{letter}"))}`");

    [GeneratedRegex(@"\b[\w<>]+\?? [A-Z]\w+\.([A-Z]\w+)\b")]
    private static partial Regex Member();
}
