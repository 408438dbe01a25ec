using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.Mtn;

/// <summary>
/// MTN MoMo collections: what came of a requesttopay, called back once (PUT or POST, never again) at the X-Callback-Url that we gave with the
/// request, or read from <c>GET /collection/v1_0/requesttopay/{X-Reference-Id}</c>. MTN signs nothing: the secret path of a URL that only MTN was told
/// is all there is, so with <c>status_url</c> a callback only rings and the hub asks; with <c>"doorbell": true</c> alone a success is noted, for
/// somebody to ask. The body does not name the X-Reference-Id that is to be asked for, so it is the end of the X-Callback-Url
/// (<c>…/{X-Reference-Id}</c>), or else an externalId that is a UUID. <c>SUCCESSFUL</c> alone is money. The sandbox knows EUR only: EUR at a live
/// adapter is test money. There is no time in the message.
/// Settings: <c>addresses</c>, <c>doorbell</c> (true by default with status_url), <c>status_url</c>, <c>token_url</c>, <c>status_headers</c>
/// (X-Target-Environment).
/// </summary>
public sealed class MtnFormat : CallbackFormat, IStatusFormat
{
    private const string SandboxCurrency = "EUR";
    private const string ReferenceId = "reference_id";
    private const string SubscriptionKey = "Ocp-Apim-Subscription-Key";

    /// <inheritdoc/>
    public StatusManner Manner { get; } = new([ReferenceId])
    {
        Headers = new Dictionary<string, string> { [SubscriptionKey] = "{subscription_key}" },
        Token = new TokenManner
        {
            Headers = new Dictionary<string, string> { ["Authorization"] = "Basic {basic:api_user:api_key}", [SubscriptionKey] = "{subscription_key}" },
        },
    };

    /// <inheritdoc/>
    public override string Name => "mtn-momo";

    /// <inheritdoc/>
    public override IReadOnlyList<CredentialKind> Credentials =>
    [
        new("subscription_key", "the primary or secondary key of the collections product") { AsksOnly = true },
        new("api_user", "the API user, a UUID") { AsksOnly = true },
        new("api_key", "the API user's key") { AsksOnly = true },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var doorbell = new SettingsReader(source.Settings).Flag("doorbell", Asks(source));
        var read = Read(message.Body, source, doorbell);
        if (!doorbell || !Asks(source)) return read;
        var reference = Uuid(message.Path) ?? Uuid(message.Header("X-Reference-Id"))
            ?? (MessageJson.Parse(message.Body).Accepted is { } fields ? Uuid(fields.Loose("referenceId", 40)) ?? Uuid(fields.Loose("externalId", 40)) : null);
        if (read is [NoticeEntry said]) return [Ring(source, said, (ReferenceId, reference))];
        // Whatever became of the body, the payment that the address names can be asked for.
        return reference is null ? read : [.. read, Ring(source, new NoticeEntry(2, NoticeKind.Info, null, null, "It can't be read."), (ReferenceId, reference))];
    }

    /// <inheritdoc/>
    public string? Named(ReadOnlyMemory<byte> body, string by) => MessageJson.Parse(body).Accepted?.Loose("referenceId", 40);

    /// <inheritdoc/>
    public IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Read(body, source, doorbell: false);
    }

    private protected override void ReadSettings(SettingsReader settings) => settings.Flag("doorbell", false);

    private static string? Uuid(string? text) => Guid.TryParseExact(text, "D", out var id) ? id.ToString() : null;

    private static Entry[] Read(ReadOnlyMemory<byte> body, CallbackSource source, bool doorbell)
    {
        var parsed = MessageJson.Parse(body, "A message of MTN");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var status = fields.Needed("status", 40);
        var amount = fields.Major("amount", "currency");
        var external = fields.Optional("externalId", ForeignText.TextMax);
        if (fields.Refused is { } refusal) return Fault(refusal);
        if (status != "SUCCESSFUL")
        {
            var kind = status == "PENDING" ? NoticeKind.Pending : NoticeKind.Failed;
            return [new NoticeEntry(1, kind, ForeignText.Clean(external, PaymentNotice.PspReferenceMax), amount, $"{status} {Reason(fields)}".TrimEnd())];
        }

        if (fields.Needed("financialTransactionId", PaymentNotice.PspReferenceMax) is not { } id) return Fault(fields.Refused!);
        if (amount!.Currency.Code == SandboxCurrency && source.Mode == Mode.Live)
            return [new NoticeEntry(1, NoticeKind.Test, id, amount, "EUR is the sandbox's currency, and this adapter is live.")];
        if (doorbell) return [new NoticeEntry(1, NoticeKind.Info, id, amount, "Ask for its status: GET /collection/v1_0/requesttopay/{X-Reference-Id}.")];
        var phone = fields.Section("payer").Loose("partyId", ForeignText.PayerNumberMax);
        return
        [
            new PaymentEntry(1, new PaymentNotice
            {
                Psp = source.Psp,
                Adapter = source.Adapter,
                PspReference = id,
                Amount = amount,
                Payer = phone is null ? null : new Payer(null, phone, null),
            }.WithMerchantReference(external)),
        ];
    }

    /// <summary>An object with a code, or a text.</summary>
    private static string? Reason(MessageFields fields) => fields.Value("reason").ValueKind == JsonValueKind.Object
        ? fields.Section("reason").Loose("code", 100) : fields.Loose("reason", 100);
}
