using System.Collections.Frozen;
using System.Text;
using MoMo.Domain.Accounts;

namespace MoMo.Storage.Payments;

/// <summary>
/// Compares references in the database as <see cref="Account.Canonical"/> does. The columns have collation C, whose <c>lower</c> knows ASCII only: the
/// other letters of the reference that is looked for are put into lower case one by one.
/// </summary>
internal sealed class ReferenceMatch
{
    private static readonly string Spaces = new([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(char.IsWhiteSpace)]);

    // By a letter in lower case: all others that become it, beyond ASCII. Looked through once, when a reference is first looked for.
    private static readonly Lazy<FrozenDictionary<string, string[]>> Capitals = new(FindCapitals);

    /// <summary>What is looked for.</summary>
    /// <param name="reference">As somebody typed it.</param>
    public ReferenceMatch(string reference)
    {
        Key = Account.Canonical(reference);
        var (capitals, letters) = (new StringBuilder(), new StringBuilder());
        foreach (var letter in Key.EnumerateRunes().Distinct().Select(rune => rune.ToString()))
            foreach (var capital in Capitals.Value.GetValueOrDefault(letter) ?? [])
            {
                capitals.Append(capital);
                letters.Append(letter);
            }

        (From, To) = (capitals.ToString(), letters.ToString());
    }

    /// <summary>The reference; canonical.</summary>
    public string Key { get; }

    /// <summary>Capitals beyond ASCII, and in the same places of <see cref="To"/> their letters.</summary>
    public string From { get; }

    /// <summary>Letters in lower case.</summary>
    public string To { get; }

    /// <summary>What is cut off around a reference.</summary>
    public static string Blanks => Spaces;

    /// <summary>The condition. The first half is what most rows fail, and cheap.</summary>
    /// <param name="column">A column of collation C.</param>
    /// <param name="key">The place of <see cref="Key"/>.</param>
    /// <param name="from">The place of <see cref="From"/>.</param>
    /// <param name="to">The place of <see cref="To"/>.</param>
    /// <param name="blanks">The place of <see cref="Blanks"/>.</param>
    public static string Condition(string column, string key, string from, string to, string blanks) =>
        $"((strpos(lower({column}), {key}) > 0 OR octet_length({column}) <> length({column})) AND btrim(translate(lower({column}), {from}, {to}), {blanks}) = {key})";

    private static FrozenDictionary<string, string[]> FindCapitals() =>
        Enumerable.Range(0x80, 0x10FFFF - 0x80 + 1).Where(Rune.IsValid).Select(code => new Rune(code).ToString())
            .Select(letter => (Capital: letter, Letter: letter.ToLowerInvariant()))
            .Where(pair => pair.Capital != pair.Letter)
            .GroupBy(pair => pair.Letter, pair => pair.Capital)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
}
