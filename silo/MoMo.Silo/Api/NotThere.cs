using MoMo.Engine;
using MoMo.Silo.Identity;

namespace MoMo.Silo.Api;

/// <summary>404: it does not exist, or is somebody else's; nobody learns which, but the log does.</summary>
internal static class NotThere
{
    public static IResult Of(string kind, string id) =>
        Problems.Of(new Refusal($"{kind}-unknown", $"There is no {kind} '{(id.Length > 100 ? id[..100] : id)}'."));

    /// <summary>The answer to whoever asks for what is another's.</summary>
    public static IResult Foreign(HttpContext http, string kind, string id)
    {
        AccessAnswers.TellForeign(http, kind, id);
        return Of(kind, id);
    }

    /// <summary>What was found if it is of the caller's account; else nothing, as if it were not there.</summary>
    public static T? Own<T>(HttpContext http, T? found, Func<T, string?> account, string kind, string id) where T : class
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(account);
        if (found is null || http.User.MaySee(account(found) ?? "")) return found;
        AccessAnswers.TellForeign(http, kind, id);
        return null;
    }
}
