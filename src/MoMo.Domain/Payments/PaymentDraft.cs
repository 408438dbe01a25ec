using System.Globalization;
using System.Text.RegularExpressions;
using MoMo.Engine;

namespace MoMo.Domain.Payments;

/// <summary>
/// A payment in the standard form as it was sent, field by field, before anything is believed. JSON, NDJSON and form data all end here.
/// </summary>
public sealed partial class PaymentDraft
{
    private const int FaultsMax = 50;
    private const int NameShown = 60;
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";

    private static readonly string[] Names =
    [
        "psp", "psp_reference", "account_id", "reference_id", "text", "shortcode", "amount", "currency", "paid_at", "payer", "payer.name", "payer.phone",
        "payer.account", "metadata",
    ];

    private List<FieldFault>? faults;

    /// <summary><c>psp</c>.</summary>
    public string? Psp { get; set; }

    /// <summary><c>psp_reference</c>.</summary>
    public string? PspReference { get; set; }

    /// <summary><c>account_id</c>.</summary>
    public string? AccountId { get; set; }

    /// <summary><c>reference_id</c>.</summary>
    public string? ReferenceId { get; set; }

    /// <summary><c>text</c>: what the payer typed.</summary>
    public string? Text { get; set; }

    /// <summary><c>shortcode</c>: our number at the PSP.</summary>
    public string? Shortcode { get; set; }

    /// <summary><c>amount</c>, decimal text.</summary>
    public string? Amount { get; set; }

    /// <summary><c>currency</c>.</summary>
    public string? Currency { get; set; }

    /// <summary><c>paid_at</c>, RFC 3339 or a date.</summary>
    public string? PaidAt { get; set; }

    /// <summary><c>payer.name</c>.</summary>
    public string? PayerName { get; set; }

    /// <summary><c>payer.phone</c>.</summary>
    public string? PayerPhone { get; set; }

    /// <summary><c>payer.account</c>.</summary>
    public string? PayerAccount { get; set; }

    /// <summary><c>metadata</c>: a JSON object as text.</summary>
    public string? Metadata { get; set; }

    /// <summary>Adds a fault of a field; after 50 only of fields that have none yet, so that each that can't be used is known as such.</summary>
    public void Fault(string field, string code, string detail)
    {
        faults ??= [];
        if (faults.Count < FaultsMax || !Faulty(field)) faults.Add(new FieldFault(field, code, detail));
    }

    /// <summary>Adds a name that there is not; after 50 faults no more are looked at.</summary>
    /// <param name="name">As it was sent; a payer's with <c>payer.</c> before it.</param>
    public void Unknown(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (faults?.Count >= FaultsMax) return;
        Fault(
            name.Length > NameShown ? name[..NameShown] : name, "field-unknown",
            $"There is no such field; your own fields belong into metadata.{NearestName.Hint(name, Names)}");
    }

    /// <summary>A refusal with every fault at once.</summary>
    /// <param name="faults">One or more.</param>
    public static Refusal Malformed(IReadOnlyList<FieldFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return new Refusal(
            "payment-malformed", faults.Count == 1 ? faults[0].Detail : $"{faults.Count} fields can't be used; nothing was recorded as a payment.", faults);
    }

    /// <summary>Checks all fields.</summary>
    /// <param name="adapter">The adapter it came through; null when posted straight to the API.</param>
    /// <returns>The payment, or <c>payment-malformed</c> with every fault at once.</returns>
    public Outcome<PaymentNotice> Check(string? adapter)
    {
        Require("psp", Psp, 64);
        Require("psp_reference", PspReference, PaymentNotice.PspReferenceMax);
        Limit("account_id", AccountId, PaymentNotice.NameMax);
        Limit("reference_id", ReferenceId, PaymentNotice.NameMax);
        Limit("text", Text, PaymentNotice.TextMax);
        Limit("shortcode", Shortcode, PaymentNotice.NameMax);
        if (IsForNobody) Fault("account_id", "required", "Say whose it is: give account_id, reference_id, text or shortcode.");
        Limit("payer.name", PayerName, 140);
        Limit("payer.phone", PayerPhone, 80);
        Limit("payer.account", PayerAccount, 80);
        if (Metadata is not null && System.Text.Encoding.UTF8.GetByteCount(Metadata) > PaymentNotice.MetadataMax)
            Fault("metadata", "too-long", $"metadata has at most {PaymentNotice.MetadataMax} bytes of JSON.");
        var money = CheckMoney();
        var paidAt = CheckPaidAt();
        if (faults is not null) return Malformed(faults);

        return new PaymentNotice
        {
            Psp = Psp!,
            PspReference = PspReference!,
            Amount = money!,
            Adapter = adapter,
            AccountId = Blank(AccountId),
            ReferenceId = Blank(ReferenceId),
            Text = Blank(Text),
            Shortcode = Blank(Shortcode),
            PaidAt = paidAt,
            Payer = PayerName is null && PayerPhone is null && PayerAccount is null ? null : new Payer(PayerName, PayerPhone, PayerAccount),
            Metadata = Metadata,
        };
    }

    /// <summary>Nothing says whose it is, nor was meant to and can't be used.</summary>
    private bool IsForNobody =>
        string.IsNullOrWhiteSpace(AccountId) && string.IsNullOrWhiteSpace(ReferenceId) && string.IsNullOrWhiteSpace(Text) && string.IsNullOrWhiteSpace(Shortcode)
        && !Faulty("account_id") && !Faulty("reference_id") && !Faulty("text") && !Faulty("shortcode");

    private Money? CheckMoney()
    {
        if (string.IsNullOrEmpty(Amount) && !Faulty("amount")) Fault("amount", "required", "amount is missing: decimal text such as \"1250.50\".");
        if (string.IsNullOrEmpty(Currency) && !Faulty("currency")) Fault("currency", "required", "currency is missing: an ISO 4217 code such as \"KES\".");
        if (!string.IsNullOrEmpty(Currency) && Payments.Currency.Find(Currency) is null) Add(Money.Parse("1", Currency).Refused!);
        if (string.IsNullOrEmpty(Amount)) return null;

        // How many decimals it may have only its currency tells; what is no amount in any currency is said without.
        var known = Payments.Currency.Find(Currency);
        var money = known is null ? Money.Parse(Amount, "KES") : Money.Parse(Amount, known);
        if (money.Refused is { } refusal && (known is not null || refusal.Code is "amount-malformed" or "amount-not-positive")) Add(refusal);
        return known is null ? null : money.Accepted;
    }

    private PaidAt? CheckPaidAt()
    {
        if (string.IsNullOrEmpty(PaidAt)) return null;
        if (PaidAt.Length <= 40)
        {
            if (DateOnly.TryParseExact(PaidAt, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return new PaidAt(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), DayOnly: true);
            if (ReadInstant(PaidAt) is { } instant) return new PaidAt(instant);
        }

        Fault("paid_at", "time-malformed", "paid_at is RFC 3339 with an offset, such as 2026-03-01T09:30:00Z, or a date alone.");
        return null;
    }

    /// <summary>
    /// Exactly in that order: of 03/04/2026 nobody knows which is the month. And with an offset: without one it is another instant in every country.
    /// </summary>
    private static DateTimeOffset? ReadInstant(string text)
    {
        var parts = Instant().Match(text);
        if (!parts.Success) return null;
        string Part(string name) => parts.Groups[name].Value;
        // What is finer than the framework's clock is finer than what is kept.
        var fraction = Part("fraction") is { Length: > 8 } fine ? fine[..8] : Part("fraction");
        var offset = Part("offset") is "Z" or "z" ? "+00:00" : Part("offset");
        var exact = $"{Part("day")}T{Part("time")}{fraction}{offset}";
        return DateTimeOffset.TryParseExact(exact, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant : null;
    }

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]{1,9})?(?<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Instant();

    private void Require(string field, string? value, int max)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            if (!Faulty(field)) Fault(field, "required", $"{field} is missing.");
        }
        else
        {
            Limit(field, value, max);
        }
    }

    private void Limit(string field, string? value, int max)
    {
        if (value is null) return;
        if (value.Length > max) Fault(field, "too-long", $"{field} has at most {max} characters.");
        else if (UnfitCharacters.AreIn(value)) Fault(field, "characters", $"{field} holds control characters, or such as turn the direction of text.");
    }

    private void Add(Refusal refusal) => (faults ??= []).AddRange(refusal.Faults);

    private bool Faulty(string field) => faults?.Exists(fault => fault.Field == field) ?? false;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
