using System.Text.Json;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>Carries a plan out against a hub, one message after another at their times, and counts what the hub said to each kind.</summary>
internal sealed class SimulatedPsp(PspFamily family, AdapterView adapter, HttpClient http, string? key, TimeProvider clock)
{
    private readonly SortedDictionary<(SendKind Kind, string Answer), int> answers = [];

    /// <summary>What the hub said, by how the payment was sent.</summary>
    public IReadOnlyDictionary<(SendKind Kind, string Answer), int> Answers => answers;

    /// <summary>Whether the hub did with each kind what it should.</summary>
    public bool AsExpected => answers.Keys.All(one => one switch
    {
        (SendKind.WrongSignature, var answer) => answer == "not admitted",
        (SendKind.Lost, _) => true,
        // M-Pesa is told that its changed repeat was received, or it would never stop; others are told that it differs.
        (SendKind.Changed, var answer) => answer is "taken" or "refused",
        (_, var answer) => answer is "taken" or "taken before",
    });

    /// <summary>Makes the PSP and the adapter that the simulation uses, or gives its adapter a new secret path.</summary>
    public static async Task<AdapterView> PrepareAsync(MoMoClient hub, PspFamily family, string id, CancellationToken cancellation)
    {
        var spec = new AdapterSpec
        {
            Id = id, Name = id, Psp = id, Format = family.Format, Settings = family.Settings is { } settings ? JsonElement.Parse(settings) : null,
        };
        try
        {
            var there = await hub.Adapters.GetAsync(id, cancellation);
            if (!family.Calls) return there;
            // The path was told once and not to us: a format without one loses it, and the next gets another.
            var plain = await hub.Adapters.SetAsync(id, spec with { Id = null, Psp = there.Psp, Format = "json", Settings = null }, there.Version, cancellation);
            return await hub.Adapters.SetAsync(id, spec with { Id = null, Psp = there.Psp }, plain.Version, cancellation);
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

    /// <summary>Carries the plan out.</summary>
    /// <param name="plan">What to do, by time.</param>
    /// <param name="told">Told of each.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(IEnumerable<SimulatedSend> plan, Action<SimulatedSend, int, string> told, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        foreach (var send in plan)
        {
            var wait = send.Due - clock.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
            var (status, answer) = send.Kind == SendKind.Lost ? (0, "") : await SendAsync(send, cancellation);
            answers[(send.Kind, answer)] = answers.GetValueOrDefault((send.Kind, answer)) + 1;
            told(send, status, answer);
        }
    }

    private async Task<(int Status, string Answer)> SendAsync(SimulatedSend send, CancellationToken cancellation)
    {
        using var message = family.Tell(send.Payment, adapter, key, send.Kind == SendKind.WrongSignature);
        using var response = await http.SendAsync(message, cancellation);
        var status = (int)response.StatusCode;
        return (status, family.Judge(status, await response.Content.ReadAsStringAsync(cancellation)));
    }
}
