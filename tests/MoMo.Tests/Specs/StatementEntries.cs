using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;

namespace MoMo.Tests.Specs;

/// <summary>Reads statement files in tests.</summary>
internal static class StatementEntries
{
    public static async Task<List<Entry>> ReadAsync(IStatementFormat format, byte[] file, string settings = "{}")
    {
        List<Entry> entries = [];
        using var stream = new MemoryStream(file, writable: false);
        await foreach (var entry in format.ReadAsync(stream, new StatementSource("test-psp", "test-adapter", JsonElement.Parse(settings)),
            CancellationToken.None)) entries.Add(entry);
        AssertInOrder(entries);
        return entries;
    }

    public static void AssertInOrder(IReadOnlyList<Entry> entries)
    {
        var (last, lastPayment) = (1, 0);
        for (var index = 0; index < entries.Count; index++)
        {
            Assert.True(entries[index].Position >= last, "Positions rise.");
            last = entries[index].Position;
            if (entries[index] is FileRefused) Assert.Equal(entries.Count - 1, index);
            if (entries[index] is not PaymentEntry { Notice: var notice }) continue;
            Assert.True(last > lastPayment, "Each payment has a position of its own.");
            lastPayment = last;
            AssertKeepable(notice);
        }
    }

    /// <summary>One line an entry, without what only a person reads.</summary>
    public static string Summary(IEnumerable<Entry> entries) => string.Join('\n', entries.Select(entry => entry switch
    {
        PaymentEntry payment =>
            $"{entry.Position} payment {payment.Notice.Amount} {payment.Notice.PspReference} {payment.Notice.Text}".TrimEnd(),
        NoticeEntry notice => $"{entry.Position} {notice.Kind} {notice.Amount} {notice.PspReference}".TrimEnd(),
        ReversalEntry reversal =>
            $"{entry.Position} Reversal {reversal.Amount} {reversal.PspReference} of {reversal.OriginalReference ?? reversal.EndToEndId}".Replace(" of ", reversal is { OriginalReference: null, EndToEndId: null } ? "" : " of ", StringComparison.Ordinal).TrimEnd(),
        HeldEntry held => $"{entry.Position} held {held.From} {held.Code}",
        FaultEntry fault => $"{entry.Position} fault {fault.Code}",
        WarningEntry warning => $"{entry.Position} warning {warning.Code}",
        FileRefused refused => $"{entry.Position} refused {refused.Code}",
        _ => throw new InvalidOperationException($"{entry.GetType()}"),
    }));

    private static void AssertKeepable(PaymentNotice notice)
    {
        Assert.InRange(notice.PspReference.Length, 1, PaymentNotice.PspReferenceMax);
        Assert.InRange(notice.Amount.MinorUnits, 1, Money.MinorUnitsMax);
        Assert.True(notice.AccountId is null or { Length: > 0 and <= PaymentNotice.NameMax });
        Assert.True(notice.ReferenceId is null or { Length: > 0 and <= PaymentNotice.NameMax });
        Assert.True(notice.Shortcode is null or { Length: > 0 and <= PaymentNotice.NameMax });
        Assert.True(notice.Metadata is null or { Length: > 0 and <= PaymentNotice.MetadataMax });
        string?[] texts = [notice.PspReference, notice.AccountId, notice.ReferenceId, notice.Text, notice.Shortcode, notice.Payer?.Name,
            notice.Payer?.Phone, notice.Payer?.Account];
        foreach (var text in texts.OfType<string>())
        {
            Assert.DoesNotContain(text, char.IsControl);
            Assert.Equal(text.Trim(), text);
            _ = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text);
        }
    }
}
