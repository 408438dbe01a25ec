using System.Text.Json;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>Makes the PSP and the adapter that a simulation uses, or gives its adapter a new secret path and a new credential.</summary>
internal static class SimulatedAdapter
{
    private const string Prefix = "sim-";

    /// <summary>The adapter's id when none is given.</summary>
    /// <param name="family">The PSP.</param>
    /// <param name="isAsked">It asks the PSP: another adapter than the one that believes callbacks.</param>
    public static string IdOf(PspFamily family, bool isAsked) => $"{Prefix}{family.Name}{(isAsked ? "-asked" : "")}";

    /// <returns>The adapter, with its secret path when it has one.</returns>
    /// <exception cref="Complaint">An adapter of this id is there, for something else.</exception>
    public static async Task<AdapterView> PrepareAsync(MoMoClient hub, PspFamily family, string id, AdapterTerms terms, CancellationToken cancellation)
    {
        var spec = new AdapterSpec
        {
            Id = id,
            Name = id,
            Psp = id,
            Format = family.Format,
            Settings = (terms.Settings ?? family.Settings) is { } settings ? JsonElement.Parse(settings) : null,
            Rules = terms.Rules is { } rules ? [.. JsonElement.Parse(rules).EnumerateArray()] : null,
            Credentials = terms.Credentials.Count > 0 ? terms.Credentials.ToDictionary(one => one.Key, one => (string?)one.Value) : null,
            CredentialOverlapSeconds = terms.Credentials.Count > 0 ? 0 : null,
        };
        try
        {
            return await RenewAsync(hub, family, await hub.Adapters.GetAsync(id, cancellation), spec, cancellation);
        }
        catch (MoMoException e) when (e.Code == "adapter-unknown")
        {
            try
            {
                await hub.Psps.CreateAsync(new PspSpec { Id = id, Name = id }, cancellation);
            }
            catch (MoMoException taken) when (taken.Code is "id-taken" or "name-taken")
            {
                // It is there already.
            }

            return await hub.Adapters.CreateAsync(spec, cancellation);
        }
    }

    private static async Task<AdapterView> RenewAsync(
        MoMoClient hub, PspFamily family, AdapterView there, AdapterSpec spec, CancellationToken cancellation)
    {
        // One of ours may have been left half renewed.
        if (there.Format != family.Format && !(there.Format == "json" && there.Id.StartsWith(Prefix, StringComparison.Ordinal)))
            throw new Complaint(
                $"adapter {there.Id} reads {there.Format}, and {family.Name} speaks {family.Format}", "Give --adapter another id: it is made.", ExitCode.Misused);
        if (!family.Calls) return there;
        if (!there.Id.StartsWith(Prefix, StringComparison.Ordinal))
            throw new Complaint(
                $"adapter {there.Id} was not made by a simulation, which would give it another secret path and other credentials",
                "Give its path with --callback, and --credentials; or leave --adapter out.", ExitCode.Misused);

        var kept = spec with
        {
            Id = null,
            Name = there.Name,
            Psp = there.Psp,
            // Where it asks changes with each run.
            Settings = family is IAskedFamily ? spec.Settings : there.Settings ?? spec.Settings,
            Rules = spec.Rules ?? there.Rules,
            Archived = there.Archived,
        };
        // The path was told once and not to us: a format without one loses it, and the next gets another.
        var plain = await hub.Adapters.SetAsync(
            there.Id, kept with { Format = "json", Settings = null, Credentials = null, CredentialOverlapSeconds = null }, there.Version, cancellation);
        return await hub.Adapters.SetAsync(there.Id, kept, plain.Version, cancellation);
    }
}
