using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Routing;
using MoMo.Edge.Drops;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Specs;

/// <summary>A kind of destination with a receiver that does as it is told.</summary>
internal abstract class KindUnderTest : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);

    public abstract IDestinationKind Kind { get; }

    /// <summary>What no error may tell.</summary>
    public virtual IReadOnlyList<string> Secrets => [];

    protected abstract Uri Url { get; }

    protected virtual object? Settings => null;

    protected virtual IReadOnlyDictionary<string, string> Credentials => new Dictionary<string, string>();

    /// <summary>Ids of the deliveries that arrived, in their order.</summary>
    public abstract Task<IReadOnlyList<Guid>> ReceivedAsync();

    public abstract Task RefuseAsync();

    public abstract Task ServeAsync();

    public abstract Task LeaveAsync();

    /// <returns>Whether there can be such a receiver.</returns>
    public virtual Task<bool> FallSilentAsync() => Task.FromResult(false);

    public abstract ValueTask DisposeAsync();

    public static Guid Id(int number) => new($"0198c0de-0000-7000-8000-{number:D12}");

    public Task<AttemptResult> SendAsync(params int[] numbers)
    {
        DeliveryMessage[] messages = [.. numbers.Select(number => Message(Due(number)))];
        return Kind is IBatchKind several ? several.SendAsync(messages, CancellationToken.None) : Kind.SendAsync(messages[0], CancellationToken.None);
    }

    /// <summary>What these are known by when they are sent together.</summary>
    public string BatchName(params int[] numbers) => BatchKey.Of([.. numbers.Select(number => Message(Due(number)))]);

    /// <summary>A payment with text that is hard to write.</summary>
    public static DueDelivery Due(int number, string text = "Rent\n.\n=?x?= \"Žofia\", ünïcode 🙂") => new(Id(number), 0, new Payment
    {
        Id = Id(1_000 + number),
        Notice = new PaymentNotice
        {
            Psp = "psp", PspReference = $"R{number}", Amount = Money.Parse("1250.50", "KES").Accepted!, Text = text,
            Payer = new Payer("Žofia \"Z\" Nováková", "+254700000001", null), PaidAt = new PaidAt(Now),
        },
        Decision = new RoutingDecision("acme", "4711", []),
        Sequence = number,
        ReceivedAt = Now,
        Proof = new ProofLink(new byte[32], 1, 0, null),
    });

    public DeliveryMessage Message(DueDelivery due) => new(due.Id, Url, [new byte[32]], PaymentEvent.Write(due))
    {
        Due = due,
        To = new LaneDestination(1, "acme", Kind.Kind, Url, [], false)
        {
            Settings = Settings is null ? default : JsonSerializer.SerializeToElement(Settings), Credentials = Credentials,
        },
    };
}
