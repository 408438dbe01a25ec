using System.Globalization;

namespace MoMo.Edge.Formats.Mt940;

/// <summary>A statement line, field :61:.</summary>
internal sealed record MtLine
{
    private static readonly string[] Marks = ["RC", "RD", "EC", "ED", "C", "D"];

    /// <summary>YYMMDD as written.</summary>
    public required string ValueText { get; init; }

    /// <summary>MMDD as written; empty without one.</summary>
    public required string EntryText { get; init; }

    /// <summary><c>C</c>, <c>D</c>, <c>RC</c>, <c>RD</c>, <c>EC</c> or <c>ED</c>.</summary>
    public required string Mark { get; init; }

    /// <summary>The third letter of the currency's code; null without one.</summary>
    public required char? Funds { get; init; }

    /// <summary>Plain decimal text.</summary>
    public required string Amount { get; init; }

    /// <summary>Such as <c>NTRF</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What the sender gave, without NONREF; null when there is none.</summary>
    public required string? CustomerReference { get; init; }

    /// <summary>What follows <c>//</c>; null when there is none.</summary>
    public required string? BankReference { get; init; }

    /// <summary>The lines below; empty without.</summary>
    public required string Extra { get; init; }

    /// <summary><see cref="Amount"/> as a number; null when it is too large for any payment.</summary>
    public decimal? Value => MtAmount.Value(Amount);

    /// <summary>Whether the line takes away from the balance.</summary>
    public bool GoesOut => Mark is "D" or "RC";

    /// <summary>What the line does to the balance: C and RD add, D and RC take away, what is expected does nothing.</summary>
    public decimal Signed => (Value ?? 0) * (Mark is "EC" or "ED" ? 0 : GoesOut ? -1 : 1);

    /// <summary>Null when there is no such day.</summary>
    public DateOnly? ValueDay => Day($"20{ValueText}");

    /// <summary>The entry's day in the year that brings it nearest to the value day: 251231 with 0102 is the next year's.</summary>
    public DateOnly? EntryDay
    {
        get
        {
            if (ValueDay is not { } value || EntryText.Length == 0) return null;
            DateOnly? nearest = null;
            for (var year = value.Year - 1; year <= value.Year + 1; year++)
            {
                var day = Day($"{year:0000}{EntryText}");
                if (nearest is null || (day is not null && Away(day.Value, value) < Away(nearest.Value, value))) nearest = day ?? nearest;
            }

            return nearest;
        }
    }

    /// <summary>Null when the lines are none. A line that was wrapped too early is joined with the next.</summary>
    public static MtLine? Read(IReadOnlyList<string> lines) =>
        Read(lines[0], lines.Skip(1)) ?? (lines.Count > 1 ? Read(lines[0] + lines[1], lines.Skip(2)) : null);

    private static MtLine? Read(string text, IEnumerable<string> below)
    {
        var rest = text.AsSpan().TrimStart();
        if (rest.Length < 6 || rest[..6].ContainsAnyExceptInRange('0', '9')) return null;
        var value = rest[..6].ToString();
        rest = rest[6..];
        var entry = "";
        if (rest.Length >= 4 && !rest[..4].ContainsAnyExceptInRange('0', '9'))
        {
            entry = rest[..4].ToString();
            rest = rest[4..];
        }

        rest = rest.TrimStart();
        if (FindMark(rest) is not { } mark) return null;
        rest = rest[mark.Length..];
        char? funds = null;
        if (!rest.IsEmpty && char.IsAsciiLetter(rest[0]))
        {
            funds = rest[0];
            rest = rest[1..];
        }

        var end = rest.IndexOfAnyExcept(MtAmount.Letters);
        if (end < 0) end = rest.Length;
        if (MtAmount.Plain(rest[..end]) is not { } amount) return null;
        rest = rest[end..];
        var type = rest[..Math.Min(4, rest.Length)].Trim().ToString();
        rest = rest[Math.Min(4, rest.Length)..];
        var slashes = rest.IndexOf("//", StringComparison.Ordinal);
        var bank = slashes < 0 ? default : rest[(slashes + 2)..];
        return new MtLine
        {
            ValueText = value,
            EntryText = entry,
            Mark = mark,
            Funds = funds,
            Amount = amount,
            Type = type,
            CustomerReference = GivenId.Of((slashes < 0 ? rest : rest[..slashes]).ToString()),
            BankReference = GivenId.Of(bank.ToString()),
            Extra = string.Join(' ', below.Select(line => line.Trim()).Where(line => line.Length > 0)),
        };
    }

    private static string? FindMark(ReadOnlySpan<char> text)
    {
        foreach (var mark in Marks)
            if (text.StartsWith(mark, StringComparison.Ordinal)) return mark;
        return null;
    }

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static int Away(DateOnly one, DateOnly other) => Math.Abs(one.DayNumber - other.DayNumber);
}
