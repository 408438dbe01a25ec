using MoMo.Domain;

namespace MoMo.Silo.Api;

/// <summary>Addresses as logs may have them.</summary>
internal static class RouteText
{
    private const int Max = 100;

    /// <summary>The route as it is written in the program: a path may hold a secret, or a customer's number.</summary>
    public static string Of(HttpContext context) => Find(context) ?? "(no route)";

    /// <summary>The same; null when the request leads nowhere.</summary>
    public static string? Find(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
    }

    /// <summary>A part of an address, without what could pass for another line of the log.</summary>
    public static string Part(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new string([.. text.Take(Max).Select(letter => UnfitCharacters.Has(letter) ? ' ' : letter)]);
    }
}
