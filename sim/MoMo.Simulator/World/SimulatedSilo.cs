using MoMo.Domain.Accounts;
using MoMo.Domain.Adapters;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Payments;
using MoMo.Domain.Reversals;
using MoMo.Domain.Routing;
using MoMo.Domain.Turns;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Simulator.Hunt;
using MoMo.Simulator.Model;
using MoMo.Simulator.Schedule;

namespace MoMo.Simulator.World;

/// <summary>One life of a silo: its parts put together as the real one does, on a virtual clock and the model of the store.</summary>
internal sealed class SimulatedSilo : IDisposable
{
    /// <summary>Small, so that overload is reached.</summary>
    public const int QueueMax = 40;

    /// <summary>Silos have one to three lines in their journals.</summary>
    private const int LinesMax = 3;

    /// <summary>Commands that may wait in one silo.</summary>
    public const int WaitingMax = QueueMax * LinesMax;

    private readonly CancellationTokenSource stopping = new();
    private readonly Link link;
    private readonly ModelAdapters adapters;
    private readonly Ids ids;
    private readonly SiloParts parts;
    private readonly CachedLookups lookups;
    private readonly HashSet<(string, string)> remembered = [];
    private readonly int number;
    private Intake? intake;
    private IAccounts? accounts;
    private Task ended = Task.CompletedTask;

    public SimulatedSilo(SiloParts parts, int number)
    {
        (this.parts, this.number) = (parts, number);
        Process = new Process(parts.Loop, $"silo {number}", number);
        Clock = new VirtualClock(parts.Loop, Process);
        link = new Link(parts.Store, Process, Clock, parts.Weather, parts.Chance);
        adapters = new ModelAdapters(parts.Store, link, Clock);
        ids = new Ids(Clock, parts.Chance);
        lookups = new CachedLookups(parts.Lookups.From(Clock), Clock);
        Process.Post(() => ended = RunAsync());
    }

    public Process Process { get; }

    public VirtualClock Clock { get; }

    public Journal<AccountCommand>? Journal { get; private set; }

    /// <summary>Answers nobody: dead, or not up yet.</summary>
    public bool IsAway => Process.IsDead || intake is null || stopping.IsCancellationRequested;

    public bool HasEnded => ended.IsCompleted && intake is not null;

    /// <summary>A message of a PSP arrives; awaited outside, worked on inside.</summary>
    public Task<Outcome<TakenPayment>> TakeAsync(PaymentNotice notice, bool patient) => Process.Start(() =>
    {
        var rules = RuleSet.Standard(lookups);
        return intake!.TakeAsync(notice, rules, Domain.Proofs.Proof.OfMessage(Envelopes.Body(notice), "{}"), patient ? StreamPlace.First() : null, CancellationToken.None);
    });

    /// <summary>A message of a PSP arrives that tells what it took back.</summary>
    public Task<Outcome<TakenReversal>> ReverseAsync(ReversalNotice notice, bool patient) => Process.Start(() => intake!.ReverseAsync(
        notice, Domain.Proofs.Proof.OfMessage(Envelopes.Body(notice), "{}"), patient ? StreamPlace.First() : null, CancellationToken.None));

    /// <summary>An adapter says that it lives.</summary>
    public Task<Outcome<AdapterLiveness>> BeatAsync(string adapter, AdapterSignal signal, bool starts) =>
        Process.Start(() => adapters.HearAsync(adapter, signal, starts));

    /// <summary>An operator's order arrives.</summary>
    public Task<Outcome<TakenPayment>> AssignAsync(AssignmentOrder order) => Process.Start(() => accounts!.Of(order.AccountId).Assign(order));

    /// <summary>An operator's order arrives that takes a payment from its account.</summary>
    public Task<Outcome<UnlinkedPayment>> UnlinkAsync(UnlinkOrder order) => Process.Start(() => accounts!.Of(order.AccountId).Unlink(order));

    public void Stop() => Process.Post(stopping.Cancel);

    /// <summary>Nothing of it runs any more; the server notices its connections' end now or, when the machine went away, later.</summary>
    public void Kill() => Process.Kill();

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        var (store, defect) = (parts.Store, parts.Defect);
        var options = new DelivererOptions { Poll = parts.Poll, Lease = parts.Lease, Grace = TimeSpan.FromSeconds(5), LaneConcurrency = 4, PageMax = 16 };
        ILanes lanes = new ModelLanes(store, link, Clock);
        if (defect == Defect.LanesInARow) lanes = new DefectiveLanes(lanes);
        var journalOptions = new JournalOptions
        {
            Lines = 1 + (number % LinesMax),
            BatchMax = 16, PipelineMin = 4, TogetherMax = number % 2 == 0 ? 0 : 8,
            QueueMax = defect == Defect.QueueWithoutEnd ? 1_000_000 : QueueMax, RetryAfter = TimeSpan.FromSeconds(1),
        };
        var attempts = new Journal<RecordAttempt>(new ModelAttempts(store, link, parts.Judge.Waits), journalOptions, Clock);
        IDestinationKind[] kinds = [Kind(), new FileKind(parts.Servers, Clock, defect)];
        var chance = defect == Defect.NoJitter ? new Steady() : parts.Chance;
        var deliverer = new Deliverer(lanes, attempts, kinds, PaymentEvent.Write, options, chance, Clock, Complain);
        var turn = new AccountTurn(OpenTransaction, ids, Clock, lanes => deliverer.Wake(lanes));
        ITurn<AccountCommand> turns = defect == Defect.ChangedRepeatAnswered ? new DefectiveTurn(turn, store.Tables) : turn;
        Journal = new Journal<AccountCommand>(turns, journalOptions, Clock);
        var journaled = new JournaledAccounts(Journal);
        accounts = journaled;
        intake = new Intake(new ModelDirectory(store, link, Clock), journaled, ids, Clock);
        var watching = Task.WhenAll(WatchAsync(), ReplayAsync(deliverer));
        await deliverer.RunAsync(stopping.Token);
        await watching;
        await attempts.DisposeAsync();
        await Journal.DisposeAsync();
        await turn.DisposeAsync();

        IDestinationKind Kind()
        {
            var real = new ServerKind(parts.Servers, Clock);
            return defect is Defect.NewIdEachAttempt or Defect.AnyAnswerCounts or Defect.StaleSecret ? new DefectiveKind(real, defect, ids) : real;
        }
    }

    /// <summary>Looks whose lease ran out, as AdapterLeases does.</summary>
    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (parts.Defect != Defect.LeasesWithoutEnd) await adapters.ExpireAsync();
            }
            catch (ModelFault)
            {
                // It looks again.
            }

            await Task.Delay(parts.Poll, Clock, stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Goes on with replays, as ReplayRunner does.</summary>
    private async Task ReplayAsync(Deliverer deliverer)
    {
        var replays = new ModelReplays(parts.Store, link, Clock);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await replays.RunOnceAsync()) deliverer.Wake();
            }
            catch (ModelFault)
            {
                // Another round, or another silo, goes on.
            }

            await Task.Delay(parts.Poll, Clock, stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private ITurnTransaction OpenTransaction()
    {
        var model = new ModelTransaction(parts.Store, link);
        return parts.Defect == Defect.None ? model : new DefectiveTransaction(model, parts.Defect, remembered, parts.Store.Tables, Tell);
    }

    /// <summary>What a hub does that tells receivers ahead of the commit.</summary>
    private void Tell(TurnFacts facts)
    {
        foreach (var delivery in facts.Deliveries)
        {
            var payment = facts.Payments.Find(one => one.Id == delivery.PaymentId);
            if (payment is null) continue;
            var (url, _) = parts.Servers.First(one => one.Value.Lane == delivery.Lane);
            var body = PaymentEvent.Write(new DueDelivery(delivery.Id, 0, payment));
            var message = new DeliveryMessage(delivery.Id, url, [.. parts.Store.Tables.Destinations[delivery.Lane].Secrets], body);
            _ = new ServerKind(parts.Servers, Clock).SendAsync(message, CancellationToken.None);
        }
    }

    private void Complain(Exception fault, string where)
    {
        if (fault is not (ModelFault or HubBusyException or OperationCanceledException)) parts.Judge.Accuse("no fault of our own", $"{where}: {fault}");
    }

    /// <summary>No chance at all.</summary>
    private sealed class Steady : Random
    {
        public override long NextInt64(long minValue, long maxValue) => 0;
    }
}
