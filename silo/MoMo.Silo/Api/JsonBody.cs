using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using MoMo.Client.Wire;

namespace MoMo.Silo.Api;

/// <summary>
/// A small JSON body. A required field that is missing is read as null, so that the endpoint can name all faults at once instead of the first;
/// what the reading itself finds wrong (names that there are not, values of another type) is in <see cref="Checks"/> already.
/// </summary>
/// <typeparam name="T">A wire record whose fields are values, lists or JSON, not records.</typeparam>
internal sealed class JsonBody<T> : IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider where T : class
{
    /// <summary>Bytes at most.</summary>
    public const long LengthMax = 262_144;

    // A value that was put in where an answer has none must not be passed over.
    private static readonly JsonSerializerOptions Exact = new(MoMoJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
    private static readonly JsonTypeInfo<T> Form = (JsonTypeInfo<T>)Lenient().GetTypeInfo(typeof(T));

    /// <summary>What an answer says of the same thing besides: it may be sent back with a change, as it was read, and is passed over.</summary>
    private static readonly HashSet<string> Answered = Answer() is { } answer
        ? answer.Properties.Select(one => one.Name).Except(Form.Properties.Select(one => one.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : [];

    /// <summary>What an answer says in another form than it is sent in, such as credentials without their values: sent back like that it says nothing.</summary>
    private static readonly Dictionary<string, JsonTypeInfo> Shown = Answer() is { } answer
        ? answer.Properties.Where(one => Form.Properties.Any(sent => sent.Name == one.Name && sent.PropertyType != one.PropertyType))
            .ToDictionary(one => one.Name, one => Exact.GetTypeInfo(one.PropertyType), StringComparer.OrdinalIgnoreCase)
        : [];

    private JsonBody(T value, Checks checks) => (Value, Checks) = (value, checks);

    /// <summary>What was sent; its required members may be null all the same.</summary>
    public T Value { get; }

    /// <summary>What is wrong with it so far: the endpoint adds what it finds, and must look before it does anything.</summary>
    public Checks Checks { get; }

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            throw new RequestException("Send the body as Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.ContentLength == 0) throw new BodyException("The body is empty: send one JSON object, {} for nothing.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LengthMax;
        using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var checks = new Checks();
        return new JsonBody<T>(BodyFields.Read(json.RootElement, Form, Answered, Shown, checks), checks);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
    }

    /// <summary>Of a <c>…Spec</c> its <c>…View</c>.</summary>
    private static JsonTypeInfo? Answer() => typeof(T).Name.EndsWith("Spec", StringComparison.Ordinal)
        && typeof(T).Assembly.GetType($"{typeof(T).FullName![..^"Spec".Length]}View") is { } view ? MoMoJson.Default.GetTypeInfo(view) : null;

    private static JsonSerializerOptions Lenient() => new(MoMoJson.Default.Options)
    {
        Converters = { new BodyTime() },
        TypeInfoResolver = MoMoJson.Default.WithAddedModifier(static info =>
        {
            foreach (var property in info.Properties) property.IsRequired = false;
        }),
    };
}
