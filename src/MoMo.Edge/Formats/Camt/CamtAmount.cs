using MoMo.Domain.Payments;
using MoMo.Engine;

namespace MoMo.Edge.Formats.Camt;

/// <summary>Reads an amount as XML Schema writes a decimal.</summary>
internal static class CamtAmount
{
    /// <summary>Above zero, in the currency of the attribute; or a refusal of <c>Money.Parse</c>.</summary>
    public static Outcome<Money> Parse(CamtNode node)
    {
        // An xs:decimal may leave out the digits on one side of the point, and carry a plus.
        var text = node.Text ?? "";
        if (text is ['+', ..]) text = text[1..];
        if (text is ['.', _, ..]) text = $"0{text}";
        if (text is [_, .., '.']) text = text[..^1];
        return Money.Parse(text, node.Currency?.Trim());
    }
}
