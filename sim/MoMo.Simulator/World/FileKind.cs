using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Engine;
using MoMo.Simulator.Hunt;

namespace MoMo.Simulator.World;

/// <summary>The way from a silo to the accounts that get files: several deliveries together, under the name that the real kind gives them.</summary>
internal sealed class FileKind(IReadOnlyDictionary<Uri, AccountServer> servers, TimeProvider clock, Defect defect) : IBatchKind
{
    public const string Name = "file";

    /// <summary>How long the first waits for others at most.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    private const int Max = 5;

    public string Kind => Name;

    public IReadOnlyList<string> Credentials => [];

    public Outcome<Uri> Locate(string account, string? url, JsonElement settings) => new Uri(url!);

    public BatchRule Batch(JsonElement settings) => new(Max, Wait);

    public async Task<AttemptResult> SendAsync(IReadOnlyList<DeliveryMessage> messages, CancellationToken cancellation)
    {
        var (first, server) = (messages[0], servers[messages[0].Url]);
        server.CheckBatch(messages, Max);
        var key = defect == Defect.FileNamedByFirst ? first.DeliveryId.ToString() : BatchKey.Of(messages);
        var sent = defect == Defect.FileInPart ? [.. messages.Take((messages.Count + 1) / 2)] : messages;
        return await server.ReceiveAsync($"{key}-r{first.Due?.RoundStart}", sent, clock, cancellation);
    }
}
