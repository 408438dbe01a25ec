using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using MoMo.Client.Wire;

namespace MoMo.Silo.Api;

/// <summary>
/// A small JSON body. A required field that is missing is read as null, so that the endpoint can name all faults at once instead of the first.
/// </summary>
/// <typeparam name="T">A wire record.</typeparam>
internal sealed class JsonBody<T> : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider where T : class
{
    /// <summary>Bytes at most.</summary>
    public const long LengthMax = 262_144;

    private static readonly JsonTypeInfo<T> Form = (JsonTypeInfo<T>)Lenient().GetTypeInfo(typeof(T));

    private JsonBody(T value) => Value = value;

    /// <summary>What was sent; its required members may be null all the same.</summary>
    public T Value { get; }

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("Send the body as Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LengthMax;
        var value = await JsonSerializer.DeserializeAsync(context.Request.Body, Form, context.RequestAborted);
        return new JsonBody<T>(value ?? throw new JsonException("The body is null."));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
    }

    private static JsonSerializerOptions Lenient() => new(MoMoJson.Default.Options)
    {
        AllowDuplicateProperties = false,
        Converters = { new BodyTime() },
        TypeInfoResolver = MoMoJson.Default.WithAddedModifier(static info =>
        {
            foreach (var property in info.Properties) property.IsRequired = false;
        }),
    };
}
