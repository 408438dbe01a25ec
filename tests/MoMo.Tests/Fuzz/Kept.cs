using System.Text;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Edge.Formats.Json;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Tests.Fuzz;

/// <summary>What must hold for everything that a reader gives, whatever it read.</summary>
internal static class Kept
{
    private const int DetailMax = 2_000;
    private const int FaultsMax = 100;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Payments can be kept, and come back the same from what we write.</summary>
    public static FuzzOutcome Payment(string label, PaymentNotice notice)
    {
        Payment(notice);
        return new FuzzOutcome(label, [notice]);
    }

    /// <inheritdoc cref="Payment(string, PaymentNotice)"/>
    public static void Payment(PaymentNotice notice)
    {
        Text(notice.PspReference, PaymentNotice.PspReferenceMax);
        Demand(!string.IsNullOrWhiteSpace(notice.PspReference), "a payment without a psp_reference");
        Demand(notice.Amount.MinorUnits is > 0 and <= Money.MinorUnitsMax, $"an amount of {notice.Amount.MinorUnits}");
        Text(notice.AccountId, PaymentNotice.NameMax);
        Text(notice.ReferenceId, PaymentNotice.NameMax);
        Text(notice.Shortcode, PaymentNotice.NameMax);
        Text(notice.Text, 1_000);
        Text(notice.Payer?.Name, 140);
        Text(notice.Payer?.Phone, 80);
        Text(notice.Payer?.Account, 80);
        Time(notice.PaidAt);
        if (notice.Metadata is { } metadata)
        {
            Demand(Strict.GetByteCount(metadata) <= PaymentNotice.MetadataMax, $"metadata of {Strict.GetByteCount(metadata):N0} bytes");
            Demand(JsonElement.Parse(metadata).ValueKind == JsonValueKind.Object, "metadata that is no object");
        }

        Same(notice, OfEvent(Event(notice)));
        if (notice.Text is null && notice.Shortcode is null && (notice.AccountId ?? notice.ReferenceId) is not null)
        {
            var again = PaymentReader.Read(Standard(notice), notice.Adapter);
            Demand(again.Accepted is not null, $"a payment that its own JSON is refused for: {again.Refused?.Detail}");
            Same(notice, again.Accepted!);
        }
    }

    /// <summary>Entries of a file are in order and can be kept.</summary>
    public static FuzzOutcome Entries(IReadOnlyList<Entry> entries)
    {
        Specs.StatementEntries.AssertInOrder(entries);
        List<PaymentNotice> payments = [];
        foreach (var entry in entries)
        {
            if (entry is PaymentEntry { Notice: var notice })
            {
                Payment(notice);
                payments.Add(notice);
            }
            else if (entry is NoticeEntry other)
            {
                Text(other.PspReference, PaymentNotice.PspReferenceMax);
                Text(other.Detail, DetailMax);
                Demand(other.Amount is null or { MinorUnits: > 0 and <= Money.MinorUnitsMax }, $"a notice of {other.Amount}");
            }
            else if (entry is ReversalEntry back)
            {
                Text(back.PspReference, PaymentNotice.PspReferenceMax);
                Text(back.OriginalReference, PaymentNotice.PspReferenceMax);
                Text(back.EndToEndId, DetailMax);
                Text(back.Detail, DetailMax);
                Demand(back.PspReference.Length > 0, "a reversal without an id");
                Demand(back.Amount.MinorUnits is > 0 and <= Money.MinorUnitsMax, $"a reversal of {back.Amount}");
            }
            else
            {
                Text(Detail(entry), DetailMax);
                Demand(entry is not HeldEntry held || (held.From >= 1 && held.From <= held.Position), "a held range that is none");
            }
        }

        var label = string.Join(' ', entries.Select(Name).Distinct().Order(StringComparer.Ordinal));
        return new FuzzOutcome($"{label} {Math.Min(3, payments.Count)}", payments);
    }

    /// <summary>A refusal says in a few words what to do.</summary>
    public static FuzzOutcome Refused(Refusal refusal)
    {
        Demand(refusal.Code.Length > 0 && refusal.Code.All(letter => char.IsAsciiLetterLower(letter) || letter == '-'), $"the code '{refusal.Code}'");
        Demand(refusal.Faults.Count <= FaultsMax, $"{refusal.Faults.Count:N0} faults in one answer");
        Demand(refusal.Detail.Length is > 0 and <= DetailMax, $"a detail of {refusal.Detail.Length:N0} characters");
        foreach (var fault in refusal.Faults)
        {
            Demand(fault.Detail.Length is > 0 and <= DetailMax, $"a detail of {fault.Detail.Length:N0} characters");
            Demand(fault.Field.Length <= 300, $"a field's name of {fault.Field.Length:N0} characters");
        }

        return new FuzzOutcome($"{refusal.Code} {string.Join(' ', refusal.Faults.Select(fault => fault.Code).Distinct().Order(StringComparer.Ordinal))}");
    }

    /// <summary>Fails with what is wrong.</summary>
    public static void Demand(bool holds, string otherwise)
    {
        if (!holds) throw new FuzzException(otherwise);
    }

    /// <summary>Text that PostgreSQL, JSON and a log can hold.</summary>
    public static void Text(string? text, int lengthMax)
    {
        if (text is null) return;
        Demand(text.Length <= lengthMax, $"a text of {text.Length:N0} characters");
        Demand(!UnfitCharacters.AreIn(text), $"control characters in '{text}'");
        Strict.GetByteCount(text);
    }

    private static void Time(PaidAt? paidAt)
    {
        if (paidAt is null) return;
        Demand(paidAt.Instant.Offset == TimeSpan.Zero, $"a time that is not UTC: {paidAt}");
        Demand(paidAt.Instant.Ticks % TimeSpan.TicksPerMicrosecond == 0, $"a time finer than what is kept: {paidAt.Instant:O}");
        Demand(!paidAt.DayOnly || paidAt.Instant.TimeOfDay == TimeSpan.Zero, $"a day that is not midnight: {paidAt}");
    }

    private static void Same(PaymentNotice notice, PaymentNotice again)
    {
        // Blanks around a JSON object are not part of it.
        var (one, other) = (notice with { Metadata = notice.Metadata?.Trim() }, again with { Metadata = again.Metadata?.Trim() });
        Demand(one == other, $"written and read again, {string.Join(", ", other.DifferencesFrom(one))} changed: {one} {other}");
    }

    private static ReadOnlyMemory<byte> Event(PaymentNotice notice) => PaymentEvent.Write(new DueDelivery(Guid.Empty, 0, new Payment
    {
        Id = Guid.Empty,
        Notice = notice,
        Decision = new RoutingDecision(notice.AccountId, notice.ReferenceId, []),
        Sequence = 1,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Proof = new ProofLink([], null, 0, null),
    }));

    private static PaymentNotice OfEvent(ReadOnlyMemory<byte> written)
    {
        using var json = JsonDocument.Parse(written);
        var data = json.RootElement.GetProperty("data");
        return new PaymentNotice
        {
            Psp = Find(data, "psp")!,
            PspReference = Find(data, "psp_reference")!,
            Adapter = Find(data, "adapter"),
            AccountId = Find(data, "account_id"),
            ReferenceId = Find(data, "reference_id"),
            Amount = Money.Parse(Find(data, "amount"), Find(data, "currency")).Accepted!,
            PaidAt = data.TryGetProperty("paid_at", out var at) ? new PaidAt(at.GetDateTimeOffset(), Find(data, "paid_at_precision") == "day") : null,
            Text = Find(data, "text"),
            Shortcode = Find(data, "shortcode"),
            Payer = data.TryGetProperty("payer", out var payer) ? new Payer(Find(payer, "name"), Find(payer, "phone"), Find(payer, "account")) : null,
            Metadata = data.TryGetProperty("metadata", out var metadata) ? metadata.GetRawText() : null,
        };
    }

    private static string? Find(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static byte[] Standard(PaymentNotice notice)
    {
        using var written = new MemoryStream();
        using var json = new Utf8JsonWriter(written);
        json.WriteStartObject();
        json.WriteString("psp", notice.Psp);
        json.WriteString("psp_reference", notice.PspReference);
        json.WriteString("account_id", notice.AccountId);
        json.WriteString("reference_id", notice.ReferenceId);
        json.WriteString("amount", notice.Amount.ToText());
        json.WriteString("currency", notice.Amount.Currency.Code);
        if (notice.PaidAt is { } at) json.WriteString("paid_at", at.DayOnly ? $"{at.Instant:yyyy-MM-dd}" : $"{at.Instant:O}");
        if (notice.Payer is { } payer)
        {
            json.WriteStartObject("payer");
            json.WriteString("name", payer.Name);
            json.WriteString("phone", payer.Phone);
            json.WriteString("account", payer.Account);
            json.WriteEndObject();
        }

        if (notice.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata");
            json.WriteRawValue(metadata);
        }

        json.WriteEndObject();
        json.Flush();
        return written.ToArray();
    }

    private static string? Detail(Entry entry) => entry switch
    {
        FaultEntry fault => fault.Detail,
        WarningEntry warning => warning.Detail,
        HeldEntry held => held.Detail,
        FileRefused refused => refused.Detail,
        _ => null,
    };

    private static string Name(Entry entry) => entry switch
    {
        NoticeEntry notice => $"{notice.Kind}",
        FaultEntry fault => fault.Code,
        WarningEntry warning => warning.Code,
        HeldEntry held => held.Code,
        ReversalEntry => "reversal",
        FileRefused refused => refused.Code,
        _ => "payment",
    };
}
