using System.Text;
using System.Text.Json;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>How a bank's MT940 and MT942 files are read, such as <c>{"encoding": "cp852"}</c>.</summary>
public sealed record MtSettings
{
    /// <summary><c>encoding</c>: an IANA name; what does not fit it refuses the file. By default UTF-8, where bytes that are none are read
    /// as Windows-1252. A byte order mark wins.</summary>
    public required Encoding? Encoding { get; init; }

    /// <summary><c>bank_references</c>: whether what follows <c>//</c> is an id of its own in the account; true by default. False for a bank
    /// that writes the same there on many lines: then a hash of the line is the id.</summary>
    public required bool BankReferences { get; init; }

    /// <summary><c>balance_mismatch</c>: <c>hold</c> (default) credits nothing of a statement whose balances don't close; <c>take</c> only
    /// remarks on it. A file that was held is taken when it is sent again after the change.</summary>
    public required bool HoldsMismatch { get; init; }

    /// <summary>Reads settings; an undefined element stands for the defaults.</summary>
    /// <returns>The settings, or <c>settings-invalid</c> with all faults: <c>setting-malformed</c>, <c>setting-unknown</c>,
    /// <c>encoding-unknown</c>.</returns>
    public static Outcome<MtSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var parsed = new MtSettings
        {
            Encoding = reader.Encoding("encoding"),
            BankReferences = reader.Flag("bank_references", true),
            HoldsMismatch = reader.Choice("balance_mismatch", "hold", "take") == "hold",
        };
        reader.Close();
        if (reader.Refused is { } refusal) return refusal;
        return parsed;
    }
}
