using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Edge.Formats;

namespace MoMo.Edge.Psps.MPesa;

/// <summary>
/// M-Pesa Kenya (Daraja): C2B validation (at <c>…/validation</c>) and confirmation (at <c>…/confirmation</c>), STK callbacks, and results of what we
/// ordered or asked, told apart by what they hold. Daraja signs nothing: addresses and the secret path tell the sender. Its URLs may not hold the
/// words mpesa or safaricom, so choose the adapter's id without them.
/// Settings: <c>addresses</c>; <c>when_unsure</c> (<c>accept</c>, the default, or <c>refuse</c>) answers a validation that can't be decided in
/// time; <c>stk</c> (<c>payment</c>, the default, or <c>notice</c> where the same payments are confirmed by C2B, too); <c>stk_reference</c>: which id of
/// the push is the payment's reference (<c>checkout_request_id</c>, the default, <c>merchant_request_id</c> or <c>none</c>).
/// </summary>
public sealed class MPesaFormat : CallbackFormat, IStatusFormat
{
    private const string Question = "validation";
    private const string Confirmation = "confirmation";

    /// <inheritdoc/>
    public override string Name => "mpesa-c2b";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> PublishedAddresses => DarajaAddresses.Default;

    /// <inheritdoc/>
    public override IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        var parsed = MessageJson.Parse(message.Body, "A message of Daraja");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        if (fields.Section("Body").Section("stkCallback") is { IsObject: true } stk)
            return StkCallback.Read(stk, source, Word(source.Settings, "stk") != "notice", Word(source.Settings, "stk_reference") ?? StkCallback.References[0]);
        if (fields.Section("Result") is { IsObject: true } result) return DarajaResult.Read(result);

        // A question looks exactly like its confirmation: only the address tells whether money has moved.
        if (message.Path is not (Question or Confirmation))
            return Fault("message-malformed", $"A C2B message comes to …/{Question} or …/{Confirmation}; anything else is an STK callback or a result.");
        var read = C2bMessage.Parse(message.Body);
        if (read.Accepted is not { } payment) return Fault(read.Refused!);
        var notice = payment.ToNotice(source.Psp, source.Adapter);
        return message.Path == Question
            ? [new QuestionEntry(new RoutingQuery(notice.AccountId, notice.ReferenceId, notice.Text, notice.Shortcode))]
            : [new PaymentEntry(1, notice)];
    }

    /// <summary>
    /// The hub does not ask Daraja about one payment: its answers name neither receipt nor amount. <see cref="DarajaPullFormat"/> and statements find what
    /// callbacks lost.
    /// </summary>
    public StatusManner? Manner => null;

    /// <inheritdoc/>
    public string? Named(ReadOnlyMemory<byte> body, string by) => MessageJson.Parse(body).Accepted?.Loose("CheckoutRequestID", PaymentNotice.PspReferenceMax);

    /// <summary>The answer to an STK query: it tells how the push ended, and neither receipt nor amount.</summary>
    public IReadOnlyList<Entry> ReadStatus(ReadOnlyMemory<byte> body, CallbackSource source)
    {
        var parsed = MessageJson.Parse(body, "An answer of Daraja");
        if (parsed.Accepted is not { } fields) return Fault(parsed.Refused!);
        var (checkout, code) = (fields.Needed("CheckoutRequestID", PaymentNotice.PspReferenceMax), fields.Needed("ResultCode", 20));
        if (fields.Refused is { } refusal) return Fault(refusal);
        var detail = ForeignText.Clean($"Code {code}: {fields.Loose("ResultDesc", 200)}", ForeignText.DetailMax);
        return [new NoticeEntry(1, code == "0" ? NoticeKind.Info : NoticeKind.Failed, checkout, null, detail)];
    }

    /// <summary>In Daraja's words. Once a confirmation is kept it is received, unknown accounts and repeats too.</summary>
    public override CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(outcome);
        if (message.Path == Question) return Json(200, Answer(message.Body, outcome));
        var kept = outcome.Verdict is CallbackVerdict.Accepted or CallbackVerdict.Repeat or CallbackVerdict.Differs;
        return Json(
            outcome.Verdict == CallbackVerdict.Busy ? 503 : 200,
            kept ? C2bConfirmationAnswer.Received : C2bConfirmationAnswer.NotReceived(outcome.Refusal?.Detail ?? "Not received."));
    }

    private protected override void ReadSettings(SettingsReader settings)
    {
        if (settings.Text("when_unsure") is { } unsure && unsure is not ("accept" or "refuse"))
            settings.Fault("when_unsure", "setting-malformed", "Give accept or refuse.");
        if (settings.Text("stk") is { } stk && stk is not ("payment" or "notice"))
            settings.Fault("stk", "setting-malformed", "Give payment or notice.");
        if (settings.Text("stk_reference") is { } reference && !StkCallback.References.Contains(reference))
            settings.Fault("stk_reference", "setting-malformed", $"Give one of: {string.Join(", ", StkCallback.References)}.");
    }

    private static C2bValidationAnswer Answer(ReadOnlyMemory<byte> body, CallbackOutcome outcome) => outcome.Verdict switch
    {
        CallbackVerdict.Welcome => C2bValidationAnswer.Accepted,
        CallbackVerdict.Unwelcome => C2bValidationAnswer.AccountInvalid,
        // Money that comes unrecognised is kept in suspense, so the default is yes.
        CallbackVerdict.Unsure or CallbackVerdict.Busy when Word(outcome.Settings, "when_unsure") != "refuse" => C2bValidationAnswer.Accepted,
        CallbackVerdict.Refused when C2bMessage.Parse(body).Refused is { } refusal => C2bValidationAnswer.For(refusal),
        _ => C2bValidationAnswer.Other,
    };

    private static CallbackAnswer Json<T>(int status, T answer) => new(status, "application/json", JsonSerializer.Serialize(answer));

    private static string? Word(JsonElement settings, string name) => new SettingsReader(settings).Text(name);
}
