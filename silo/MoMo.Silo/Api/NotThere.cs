using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>404: it does not exist, or is somebody else's; nobody learns which.</summary>
internal static class NotThere
{
    public static IResult Of(string kind, string id) =>
        Problems.Of(new Refusal($"{kind}-unknown", $"There is no {kind} '{(id.Length > 100 ? id[..100] : id)}'."));
}
