using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats.JsonList;

/// <summary>
/// Lists of payments in JSON, as web APIs answer, where its settings say. A position is an item of the list, from 1. Amounts are taken by their digits,
/// never as floating point. Limits: 64 MiB a file, which is held in memory as a whole, 64 levels.
/// </summary>
/// <remarks>The file is refused for: <c>settings-invalid</c>, <c>malformed-json</c>, <c>items-missing</c>, <c>file-too-long</c>.</remarks>
public sealed class JsonListFormat : IStatementFormat
{
    /// <inheritdoc/>
    public string Name => "json-list";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ReadAsync(Stream file, StatementSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(source);
        return RefusedFile.ReadAsync(JsonListSettings.Parse(source.Settings), settings => ItemsAsync(file, source, settings, cancellation), cancellation);
    }

    private static async IAsyncEnumerable<Entry> ItemsAsync(
        Stream file, StatementSource source, JsonListSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var document = await ForeignJson.ParseAsync(file, cancellation);
        if (List(document.RootElement, settings.Items) is not { ValueKind: JsonValueKind.Array } items)
            throw new FileFaultException("items-missing", settings.Items.Length == 0 ? "The file is no list." : $"The file has no list at {settings.Items}.");
        var position = 0;
        foreach (var item in items.EnumerateArray())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Read(item, ++position, source, settings);
        }
    }

    private static JsonElement? List(JsonElement root, string path)
    {
        try
        {
            return Find(root, path);
        }
        catch (InvalidOperationException)
        {
            throw new FileFaultException("malformed-json", "The file holds names that are not Unicode.");
        }
    }

    private static Entry Read(JsonElement item, int position, StatementSource source, JsonListSettings settings)
    {
        string? Text(string name) => TextOf(Find(item, settings.Fields[name]))?.Trim() is { Length: > 0 } text ? text : null;
        try
        {
            var scope = new ReferenceScope(settings.PspReferencePrefix);
            var reference = scope.Of(ForeignText.Whole(Text("psp_reference")));
            if (settings.Reversals is { } back && back.When.All(one => Says(item, one.Key, one.Value)))
                return Reversal(position, reference, Text("amount"), Text("currency") ?? settings.Currency, scope.Of(ForeignText.Whole(TextOf(Find(item, back.Original)))), Text("text"), settings);
            foreach (var (place, value) in settings.Only)
            {
                if (TextOf(Find(item, place)) is var said && !Says(item, place, value))
                    return new NoticeEntry(position, NoticeKind.Pending, ForeignText.Clean(reference, PaymentNotice.PspReferenceMax), null, ForeignText.Clean($"{place} is {said ?? "missing"}", ForeignText.DetailMax));
            }

            var draft = new PaymentDraft
            {
                Psp = source.Psp,
                PspReference = reference,
                AccountId = ForeignText.Whole(Text("account_id")),
                ReferenceId = ForeignText.Whole(Text("reference_id")),
                Currency = Text("currency") ?? settings.Currency,
                Amount = Text("amount"),
                PaidAt = Text("paid_at"),
                PayerName = ForeignText.Clean(Text("payer_name"), ForeignText.PayerNameMax),
                PayerPhone = ForeignText.Clean(Text("payer_phone"), ForeignText.PayerNumberMax),
                PayerAccount = ForeignText.Clean(Text("payer_account"), ForeignText.PayerNumberMax),
            };
            if (settings.MinorUnits) draft.Amount = Major(draft.Amount, draft.Currency);
            var typed = ForeignText.Clean(Text("text"), ForeignText.TextMax);
            var nobody = string.IsNullOrWhiteSpace(draft.AccountId) && string.IsNullOrWhiteSpace(draft.ReferenceId);
            // The standard form demands one of them; a list need not name whose the money is.
            if (nobody) draft.ReferenceId = "-";
            var read = draft.Check(source.Adapter);
            if (read.Refused is { } refusal) return new FaultEntry(position, refusal.Faults.Count == 1 ? refusal.Faults[0].Code : refusal.Code, Words(refusal));
            var notice = read.Accepted! with { Text = typed, Shortcode = ForeignText.Clean(Text("shortcode"), 80) };
            return new PaymentEntry(position, nobody ? notice with { ReferenceId = null } : notice);
        }
        catch (InvalidOperationException)
        {
            return new FaultEntry(position, "characters", "A text of the item is not Unicode.");
        }
    }

    /// <summary>Money going back, with or without the minus that some lists put before it.</summary>
    private static Entry Reversal(
        int position, string? reference, string? amount, string? currency, string? original, string? text, JsonListSettings settings)
    {
        if (reference is not { Length: <= PaymentNotice.PspReferenceMax })
            return new FaultEntry(position, "psp-reference-missing", "The item has no id that can be kept; a reversal needs one.");
        var whole = amount is ['-', .. var rest] ? rest : amount;
        var money = Money.Parse((settings.MinorUnits ? Major(whole, currency) : whole) ?? "", currency ?? "");
        if (money.Refused is { } refusal) return new FaultEntry(position, refusal.Faults.Count == 1 ? refusal.Faults[0].Code : refusal.Code, Words(refusal));
        return new ReversalEntry(
            position, reference, money.Accepted!, original is { Length: > 0 and <= PaymentNotice.PspReferenceMax } taken ? taken : null, null, null,
            ForeignText.Clean(text, ForeignText.DetailMax));
    }

    private static bool Says(JsonElement item, string place, string value) =>
        string.Equals(TextOf(Find(item, place)), value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whole minor units as major ones, digit by digit; what is no whole number stays as it is and is refused as malformed.</summary>
    private static string? Major(string? minor, string? currency)
    {
        if (minor is null || Currency.Find(currency ?? "") is not { } known) return minor;
        if (minor.Length is 0 or > 20 || minor.Any(letter => !char.IsAsciiDigit(letter))) return $"{minor} minor units";
        if (known.Decimals == 0) return minor;
        var digits = minor.PadLeft(known.Decimals + 1, '0');
        return $"{digits[..^known.Decimals]}.{digits[^known.Decimals..]}";
    }

    private static JsonElement? Find(JsonElement place, string path)
    {
        if (path.Length == 0) return place;
        foreach (var name in path.Split('.'))
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(name, out place)) return null;
        return place;
    }

    private static string? TextOf(JsonElement? value) => value is not { } known ? null : known.ValueKind switch
    {
        JsonValueKind.String => known.GetString(),
        JsonValueKind.Number => known.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static string Words(Refusal refusal) =>
        ForeignText.Clean(string.Join(" ", refusal.Faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Field}: {fault.Detail}"))), ForeignText.DetailMax) ?? refusal.Detail;
}
