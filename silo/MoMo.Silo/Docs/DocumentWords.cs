using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MoMo.Silo.Operations;

namespace MoMo.Silo.Docs;

/// <summary>What the document says as a whole.</summary>
internal sealed class DocumentWords : IOpenApiDocumentTransformer
{
    /// <summary>Name of the security scheme.</summary>
    public const string Scheme = "Bearer";

    private const string Description =
        """
        MoMo takes payments in from many PSPs, keeps the proof, finds out whose each one is, stores it for good and delivers it until it has arrived.

        **Keys.** Send `Authorization: Bearer momo_…`. The administrator's first key is in `admin.key` in the silo's data folder; `POST /v1/keys` makes
        others, for adapters (`adapter:<id>`) and accounts (`account:<id>`). What is another account's answers 404.

        **Money** is two fields: `amount`, decimal text such as `"1250.50"`, and `currency`, an ISO 4217 code. It is never a floating-point number.

        **Repeats are safe.** A payment is known by `psp` and `psp_reference` for ever: the same content gets the same answer, other content 409.
        Whatever answers 503 was not taken as far as anybody knows; send it again. Other POSTs take an `Idempotency-Key`, a name of yours for the request:
        sent again under it, it is not done again, and the answer, with `Idempotency-Replayed: true`, is the one of before. What was refused frees its key.

        **Lists** take `limit` and `after`; `next` in the answer, and the `Link` header, lead to the next page. `Accept: text/csv` gets the same page as
        CSV, with a line of names; then only the header leads on. What payers typed is in it as they typed it: import it as text, as spreadsheets take a
        cell that begins with `=`, `+`, `-` or `@` for a formula.

        **Names** of fields and of queries that there are not are refused, with the nearest one that there is: a typo never does something else.

        **Errors** are RFC 9457 problems with a stable `code`; [each code is explained](/docs/problems). All faults of a request are named at once.
        The header `MoMo-Request-Id` of a problem finds its log lines.

        **Webhooks** to accounts follow [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
        `webhook-signature`. A receiver answers 2xx within 15 seconds, and recognises repeats by `webhook-id`.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Payments", "Money that a PSP says has arrived: bring it, find it, prove it."),
        ("Reversals", "What PSPs took back of payments."),
        ("Suspense", "Payments that are kept but belong to nobody yet."),
        ("Deliveries", "Getting payments to the accounts' servers, with their attempts."),
        ("Files", "Statement files, and what came of them."),
        ("Messages", "Messages that made no payment of their own: refused, or differing from one. Kept byte for byte."),
        ("Callbacks", "What PSPs call, in their own words. The address holds a secret; there is no key."),
        ("Routing", "Where would a payment go, and why?"),
        ("PSPs", "Who moves the money: operators, banks, acquirers."),
        ("Adapters", "Connections to PSPs: format, settings, rules, liveness."),
        ("Channels", "How adapters' files and messages are fetched: folders, SFTP, FTP, mailboxes, polling."),
        ("Status questions", "What PSPs are asked after callbacks that only ring, or were lost: how a payment stands."),
        ("Accounts", "Whose the payments are."),
        ("References", "Customers of an account, as payers write them."),
        ("Destinations", "How an account is told of its payments."),
        ("Keys", "What machines authenticate with."),
        ("Operations", "Is the hub well?"),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        document.Info = new OpenApiInfo { Title = "MoMo", Version = StatusBoard.Version, Description = Description };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This silo." }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "momo_…",
            Description = "An API key: `momo_…`, as POST /v1/keys or admin.key shows it.",
        };
        foreach (var property in (document.Components.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Values
            .SelectMany(schema => schema.Properties?.Values ?? []).OfType<OpenApiSchema>())
            property.Description ??= property.OneOf?.Select(one => one.Description).FirstOrDefault(text => text is not null);
        if (document.Components.Schemas?.TryGetValue("JsonElement", out var json) == true && json is OpenApiSchema any) any.Description = "Any JSON.";
        foreach (var name in Bodies(document))
        {
            // What is not known is refused by name; of answers clients should expect more.
            if (document.Components.Schemas?.TryGetValue(name, out var schema) == true && schema is OpenApiSchema body) body.AdditionalPropertiesAllowed = false;
        }

        foreach (var path in HealthPaths.All) document.Paths.Add(path.Key, path.Value);
        return Task.CompletedTask;
    }

    /// <summary>Names of the schemas that requests are made of.</summary>
    private static HashSet<string> Bodies(OpenApiDocument document) =>
    [
        .. from path in document.Paths.Values
           from operation in path.Operations ?? []
           from media in operation.Value.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()
           select media.Value.Schema is OpenApiSchemaReference { Reference.Id: { } id } ? id : "",
    ];
}
