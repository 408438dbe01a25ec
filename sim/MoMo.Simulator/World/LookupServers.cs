using MoMo.Domain.Routing;

namespace MoMo.Simulator.World;

/// <summary>The accounts' lookup servers: each knows references that begin with its account's name, and may lie or be silent.</summary>
internal sealed class LookupServers(Random chance)
{
    private readonly Random chance = chance;
    private readonly HashSet<string> silent = [];
    private readonly HashSet<string> lying = [];

    public void Silence(string account) => silent.Add(account);

    public void Lie(string account) => lying.Add(account);

    public void Heal(string account)
    {
        silent.Remove(account);
        lying.Remove(account);
    }

    /// <summary>The servers as a silo reaches them.</summary>
    public ILookupClient From(TimeProvider clock) => new Client(this, clock);

    private sealed class Client(LookupServers servers, TimeProvider clock) : ILookupClient
    {
        public async Task<LookupAnswer> AskAsync(Uri url, string referenceId, TimeSpan deadline, CancellationToken cancellation)
        {
            var account = url.Host;
            if (servers.silent.Contains(account))
            {
                await Task.Delay(deadline, clock, cancellation);
                return LookupAnswer.None("silent");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(servers.chance.Next(1, 400)), clock, cancellation);
            return servers.lying.Contains(account) || referenceId.StartsWith($"{account}-", StringComparison.Ordinal) ? LookupAnswer.Yes : LookupAnswer.No;
        }
    }
}
