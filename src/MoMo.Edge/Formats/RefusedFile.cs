using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using CsvHelper;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Csv;
using MoMo.Engine;

namespace MoMo.Edge.Formats;

/// <summary>Turns what a file's own bytes can break into the file's last entry. Broken channels and cancellation still throw.</summary>
internal static class RefusedFile
{
    /// <summary>Reads a file as its settings say, which nobody may have checked before they were kept.</summary>
    public static IAsyncEnumerable<Entry> ReadAsync<TSettings>(
        Outcome<TSettings> settings, Func<TSettings, IAsyncEnumerable<Entry>> read, CancellationToken cancellation) where TSettings : class =>
        settings.Match(
            accepted: known => EndingAsync(read(known), cancellation),
            refused: refusal => new Entry[] { Of(refusal) }.ToAsyncEnumerable());

    private static async IAsyncEnumerable<Entry> EndingAsync(IAsyncEnumerable<Entry> entries,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = 1;
        await using var reading = entries.GetAsyncEnumerator(cancellation);
        while (true)
        {
            FileRefused? refused = null;
            var more = false;
            try
            {
                more = await reading.MoveNextAsync();
            }
            catch (Exception e) when (Explain(e) is { } why)
            {
                refused = new FileRefused(position, why.Code, why.Detail);
            }

            if (refused is not null) yield return Fit(refused);
            if (!more) yield break;
            position = reading.Current.Position;
            yield return Fit(reading.Current);
        }
    }

    /// <summary>For settings that nobody checked before they were kept.</summary>
    private static FileRefused Of(Refusal settings) => (FileRefused)Fit(new FileRefused(1, "settings-invalid",
        string.Join(" ", settings.Faults.Select(fault => $"{fault.Field}: {fault.Detail}").DefaultIfEmpty(settings.Detail))));

    /// <summary>What a file says of itself is quoted in details, and they are kept.</summary>
    private static Entry Fit(Entry entry) => entry switch
    {
        FaultEntry fault => fault with { Detail = Detail(fault.Detail) },
        HeldEntry held => held with { Detail = Detail(held.Detail) },
        WarningEntry warning => warning with { Detail = Detail(warning.Detail) },
        FileRefused refused => refused with { Detail = Detail(refused.Detail) },
        _ => entry,
    };

    private static string Detail(string detail) => ForeignText.Clean(detail, ForeignText.DetailMax) ?? "";

    private static (string Code, string Detail)? Explain(Exception exception) => exception switch
    {
        FileFaultException fault => (fault.Code, fault.Message),
        XmlException xml => ("xml-malformed", ForeignXml.Explain(xml)),
        DecoderFallbackException => ("encoding-invalid", "The bytes do not fit the file's encoding; nothing after them can be trusted."),
        CsvTornException => ("csv-malformed", "The quotation marks of the header do not match."),
        MaxFieldSizeException =>
            ("field-too-large", "A field is longer than a statement's field may be; look for a quote that never ends."),
        CsvHelperException => ("csv-malformed", "A row could not be taken apart; check the delimiter and the quotes."),
        _ => null,
    };
}
