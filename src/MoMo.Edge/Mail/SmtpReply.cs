using System.Globalization;

namespace MoMo.Edge.Mail;

/// <summary>What a mail server answered.</summary>
/// <param name="Code">From 200 to 599.</param>
/// <param name="Lines">Its text, a line each.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int ShownMax = 300;

    public bool IsDone => Code is >= 200 and < 300;

    /// <summary>Whether the message is too long for the server: also what it says to a sender who tells beforehand how long it is (RFC 1870).</summary>
    public bool IsTooLong => Code == 552 || Status is ['4' or '5', '.', '3', '.', '4'];

    /// <summary>
    /// Whether it is about the server itself, not about the message or its address: it closes (421), or its system is in trouble, such as a full disk
    /// (x.3.x of RFC 3463). A message that is too long for it (x.3.4) is about the message: only who gathers fewer payments makes it shorter.
    /// </summary>
    public bool IsOfServer => Code == 421 || (Status is ['4' or '5', '.', '3', '.', ..] && Status[2..] != "3.4");

    /// <summary>The status of RFC 3463, such as <c>5.3.4</c>, where the server gives one: the first word of what it says.</summary>
    private string Status => Lines.Count == 0 ? "" : Lines[0].Split(' ')[0];

    /// <summary>Whether the server can do something, such as <c>STARTTLS</c>, by its answer to EHLO.</summary>
    public bool Offers(string keyword) => Lines.Skip(1).Any(line => line.Split(' ')[0].Equals(keyword, StringComparison.OrdinalIgnoreCase));

    /// <summary>What stands after a keyword of the answer to EHLO; empty when it is not there.</summary>
    public string[] Words(string keyword) =>
        Lines.Skip(1).Select(line => line.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(
            words => words is [var first, ..] && first.Equals(keyword, StringComparison.OrdinalIgnoreCase))?[1..] ?? [];

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var text = Formats.ForeignText.Clean(string.Join(' ', Lines), ShownMax);
        return string.Create(CultureInfo.InvariantCulture, $"{Code} {text}").Trim();
    }
}
