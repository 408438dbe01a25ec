using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MoMo.Client.Wire;
using MoMo.Silo.Api;

namespace MoMo.Silo.Docs;

/// <summary>What each operation says besides its own words: who may call it, what its parameters are, what it answers.</summary>
internal sealed class OperationWords : IOpenApiOperationTransformer
{
    private static readonly HashSet<string> Versioned = ["PSPs", "Adapters", "Accounts", "References", "Destinations", "Keys"];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(context);
        var path = $"/{context.Description.RelativePath?.TrimEnd('/')}";
        var method = context.Description.HttpMethod ?? "GET";
        operation.OperationId = IdOf(method, path);
        Describe(operation, path);
        await GuardAsync(operation, context, cancellationToken);
        if (method is "PUT" or "DELETE" && operation.Tags?.Any(tag => Versioned.Contains(tag.Name ?? "")) == true) AddIfMatch(operation);
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesIdempotencyKey>().Any()) AddIdempotencyKey(operation);
        foreach (var (status, answer) in operation.Responses ?? []) answer.Description = Answer(status);
        if (context.Description.SupportedResponseTypes.Any(answer => answer.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Page<>)))
            AddCsv(operation);
        if (path == "/v1/payments" && method == "POST") PaymentExamples.AddTo(operation);
        if (path.StartsWith("/v1/callbacks/", StringComparison.Ordinal)) PaymentExamples.AddCallbackTo(operation);
    }

    private static void Describe(OpenApiOperation operation, string path)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (string.IsNullOrEmpty(parameter.Description)) parameter.Description = ParameterWords.Of(parameter.Name ?? "", path);
        }
    }

    private static async Task GuardAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var policy = metadata.OfType<IAllowAnonymous>().Any() ? null : metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;
        if (policy is null) return;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentWords.Scheme, context.Document)] = [] }];
        var who = policy switch
        {
            "adapter" => "Needs a key with scope `adapter`, `adapter:<id>` or `admin`.",
            "account" => "Needs a key with scope `account:<id>` or `admin`; an account's key sees its own only.",
            _ => "Needs a key with scope `admin`.",
        };
        operation.Description = string.IsNullOrEmpty(operation.Description) ? who : $"{operation.Description}\n\n{who}";
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemView), null, cancellation);
        operation.Responses ??= [];
        foreach (var status in (string[])["401", "403", "503"])
        {
            if (!operation.Responses.ContainsKey(status))
                operation.Responses[status] = new OpenApiResponse
                {
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [Problems.MediaType] = new() { Schema = context.Document is null ? problem : new OpenApiSchemaReference("Problem", context.Document) },
                    },
                };
        }
    }

    private static void AddCsv(OpenApiOperation operation) => operation.Responses!["200"].Content![CsvPage.MediaType] =
        new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static void AddIdempotencyKey(OpenApiOperation operation) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = IdempotencyMiddleware.Header,
        In = ParameterLocation.Header,
        Description = "A name of your own for this request, such as a UUID: sent again under it within 7 days, it is not done again, and answered as it was.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyMiddleware.KeyMax },
        Example = "\"019ab2c4-6f1e-7c55-b1a2-1f0f8a4be9d1\"",
    });

    private static void AddIfMatch(OpenApiOperation operation) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = "If-Match",
        In = ParameterLocation.Header,
        Description = "The ETag that you read; 412 when it has changed since. Without it, whatever is there is changed.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = "\"3\"",
    });

    /// <summary><c>GET /v1/payments/{id}/proof</c> is <c>get_payments_proof_by_id</c>.</summary>
    private static string IdOf(string method, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "v1").ToList();
        var names = parts.Where(part => part[0] != '{').Select(part => part.Replace('-', '_'));
        var keys = parts.Where(part => part[0] == '{').Select(part => part.Trim('{', '}')).ToList();
        return $"{method.ToLowerInvariant()}_{string.Join('_', names)}{(keys.Count == 0 ? "" : $"_by_{string.Join('_', keys)}")}";
    }

    private static string Answer(string status) => status switch
    {
        "200" => "Done.",
        "201" => "Created.",
        "202" => "It will be done.",
        "204" => "It is gone.",
        "304" => "You know this version already (If-None-Match).",
        "400" => "The request can't be read.",
        "401" => "No key, or not a valid one.",
        "403" => "The key may not do this.",
        "404" => "There is no such thing, or it is another account's.",
        "409" => "It conflicts with what is there.",
        "412" => "It has changed since it was read.",
        "413" => "The body is too large.",
        "415" => "The body's media type is not taken here.",
        "422" => "A rule refuses it; errors names the fields.",
        "429" => "As many reads are under way as may be: ask again after Retry-After.",
        "503" => "The hub is busy or its database away: ask again after Retry-After. Nothing is taken twice.",
        _ => "See the problem.",
    };
}
