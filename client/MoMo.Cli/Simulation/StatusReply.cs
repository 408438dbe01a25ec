using System.Text.Json;

namespace MoMo.Cli.Simulation;

/// <summary>What a simulated PSP answers when it is asked.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">JSON.</param>
internal sealed record StatusReply(int Status, string Body)
{
    /// <summary>Who asks is not let in.</summary>
    public static readonly StatusReply NotAdmitted = new(401, """{"error":"unauthorised"}""");

    /// <summary>Nothing is there.</summary>
    public static readonly StatusReply NotThere = new(404, """{"code":"RESOURCE_NOT_FOUND"}""");

    /// <summary>A yes.</summary>
    public static StatusReply Of(object answer) => new(200, JsonSerializer.Serialize(answer));
}
