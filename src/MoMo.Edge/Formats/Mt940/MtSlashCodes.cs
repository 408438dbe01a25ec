using System.Text.RegularExpressions;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>:86: of codes between slashes, such as <c>/REMI/…/ORDP/…</c>.</summary>
internal static partial class MtSlashCodes
{
    /// <summary>Null when the text holds none of the codes that tell something.</summary>
    public static MtDetails? Read(string text)
    {
        Dictionary<string, string> values = [];
        var codes = Code().Matches(text);
        for (var index = 0; index < codes.Count; index++)
        {
            // The slash that ends one code may begin the next.
            var begun = codes[index].Index + codes[index].Length + 1;
            var end = index + 1 < codes.Count ? codes[index + 1].Index : text.Length;
            values.TryAdd(codes[index].Groups[1].Value, end > begun ? text[begun..end] : "");
        }

        if (!values.ContainsKey("REMI") && !values.ContainsKey("EREF") && !values.ContainsKey("ORDP") && !values.ContainsKey("CNTP")) return null;
        var (name, account) = Payer(values);
        var remittance = Remittance(values.GetValueOrDefault("REMI"));
        // A bank that names the payer by a code and writes the rest as it likes.
        var free = values.ContainsKey("REMI") || values.ContainsKey("EREF") ? null : text;
        return new MtDetails(
            MtDetails.Clean(remittance ?? free), MtDetails.Given(values.GetValueOrDefault("EREF")?.Trim('/', ' ')),
            MtDetails.Given(values.GetValueOrDefault("CREF")?.Trim('/', ' ')), MtDetails.Clean(name), MtDetails.Clean(account));
    }

    /// <summary>USTD and STRD say which kind of remittance follows; of the latter first who issued it.</summary>
    private static string? Remittance(string? text)
    {
        if (text is null) return null;
        var trimmed = text.Trim(' ', '/');
        if (trimmed.StartsWith("USTD/", StringComparison.Ordinal)) trimmed = trimmed[5..];
        else if (trimmed.StartsWith("STRD/", StringComparison.Ordinal))
            trimmed = trimmed[5..] is var structured && structured.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
                ? structured[(slash + 1)..] : structured;
        trimmed = trimmed.Trim(' ', '/');
        return trimmed.Length == 0 ? null : trimmed;
    }

    private static (string? Name, string? Account) Payer(Dictionary<string, string> values)
    {
        var name = values.GetValueOrDefault("NAME");
        var account = values.GetValueOrDefault("IBAN") ?? values.GetValueOrDefault("BBAN");
        if (values.TryGetValue("CNTP", out var counterparty))
        {
            // Account, BIC, name, city.
            var parts = counterparty.Split('/');
            account ??= parts[0];
            if (parts.Length > 2) name ??= parts[2];
        }
        else if (values.TryGetValue("ORDP", out var payer) && payer.Trim('/', ' ') is { Length: > 0 } ordering)
        {
            // An account stands before the name, after a slash.
            var slash = ordering.IndexOf('/', StringComparison.Ordinal);
            var first = (slash < 0 ? ordering : ordering[..slash]).Trim();
            if (first.Length > 0 && first.Any(char.IsAsciiDigit) && !first.Contains(' ', StringComparison.Ordinal))
                (account, name) = (account ?? first, name ?? (slash < 0 ? null : Up(ordering[(slash + 1)..])));
            else name ??= first;
        }

        return (name?.Trim('/', ' '), account?.Trim('/', ' '));
    }

    private static string Up(string text) => text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? text[..slash] : text;

    [GeneratedRegex("/(REMI|EREF|CREF|PREF|MARF|CSID|CNTP|ORDP|BENM|NAME|IBAN|BBAN|BIC|ADDR|TRTP|ISDT|PURP|RTRN|ULTD|ULTC|ULTB|OCMT|CHGS|SVCL|ACCW|EXCH|SUM)(?=/)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
