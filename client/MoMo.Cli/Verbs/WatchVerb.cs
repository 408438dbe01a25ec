using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Shows one delivery until it is at its end.</summary>
internal static class WatchVerb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Verb Create(Shell shell)
    {
        var id = Given.Argument("ID", "The delivery's id, which is the receiver's webhook-id.");
        return new Verb("watch", "Show what becomes of a delivery, a line for each change, until it arrived or is dead.", "deliveries watch ID")
        {
            id,
        }.Runs(shell, async (call, cancellation) =>
        {
            var hub = call.Hub;
            for (DeliveryView? before = null; ;)
            {
                var now = await hub.Deliveries.GetAsync(call.Value(id), cancellation);
                if (before is null || (now.State, now.Attempts) != (before.State, before.Attempts)) await call.Terminal.Out.WriteLineAsync(Line(call, now));
                if (now.State != "pending") return now.State == "delivered" ? ExitCode.Done : ExitCode.Failed;
                before = now;
                await Task.Delay(LookEvery, cancellation);
            }
        });
    }

    private static string Line(Call call, DeliveryView delivery)
    {
        if (call.Json) return JsonSerializer.Serialize(delivery, MoMoJson.Default.DeliveryView);
        string?[] parts =
        [
            delivery.State, $"attempts {Show.Count(delivery.Attempts)}", delivery.LastStatus is { } status ? $"status {Show.Count(status)}" : null,
            delivery.LastError, delivery.DueAt is { } due ? $"next {Show.Time(due)}" : null,
        ];
        return Clean.Text(string.Join("  ", parts.Where(part => part is not null)));
    }
}
