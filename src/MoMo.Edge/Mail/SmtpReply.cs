using System.Globalization;

namespace MoMo.Edge.Mail;

/// <summary>What a mail server answered.</summary>
/// <param name="Code">From 200 to 599.</param>
/// <param name="Lines">Its text, a line each.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int ShownMax = 300;

    public bool IsDone => Code is >= 200 and < 300;

    /// <summary>
    /// Whether it is about the server itself, not about the message or its address: it closes (421), or its system is in trouble, such as a full disk
    /// (x.3.x of RFC 3463). A message that is too long for it (x.3.4) is about the message: only who gathers fewer payments makes it shorter.
    /// </summary>
    public bool IsOfServer => Code == 421 || (Lines is [['4' or '5', '.', '3', '.', ..] status, ..] && status.Split(' ')[0][2..] != "3.4");

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
