using System.Text.Json;
using MoMo.Client.Wire;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;

namespace MoMo.Silo.Api;

/// <summary>What the domain knows, as the API shows it.</summary>
internal static class Views
{
    /// <param name="payment">As it is kept.</param>
    /// <param name="replayed">It had been taken before.</param>
    /// <param name="whole">With the words of the rules, which may name other accounts: not for an account's eyes.</param>
    public static PaymentView Of(Payment payment, bool replayed = false, bool whole = true)
    {
        var notice = payment.Notice;
        return new PaymentView
        {
            Id = payment.Id.ToString(),
            Status = payment.AccountId is null ? "suspense" : "accepted",
            Psp = notice.Psp,
            PspReference = notice.PspReference,
            Adapter = notice.Adapter,
            AccountId = payment.AccountId,
            ReferenceId = payment.ReferenceId ?? (whole || !payment.Stands ? notice.ReferenceId : null),
            Sequence = payment.Sequence,
            Amount = notice.Amount.ToText(),
            Currency = notice.Amount.Currency.Code,
            PaidAt = notice.PaidAt?.Instant,
            PaidAtPrecision = notice.PaidAt is { } paidAt ? paidAt.DayOnly ? "day" : "instant" : null,
            ReceivedAt = payment.ReceivedAt,
            Text = notice.Text,
            Shortcode = notice.Shortcode,
            Given = whole && payment.Decision.AccountId is null ? Given(notice) : null,
            Payer = notice.Payer is { } payer ? new PayerView { Name = payer.Name, Phone = payer.Phone, Account = payer.Account } : null,
            Metadata = notice.Metadata is { } metadata ? Json(metadata) : null,
            Replayed = replayed,
            Decision = whole ? Of(payment.Decision.Trace) : [.. Of(payment.Decision.Trace).Select(finding => Own(finding, payment.AccountId))],
            ProofSha256 = Convert.ToHexStringLower(payment.Proof.Sha256),
            Assignment = payment.Assignment is { } assignment
                ? new AssignmentView { Reason = assignment.Reason, By = assignment.By, At = assignment.At }
                : null,
        };
    }

    public static RoutingView Of(RoutingDecision decision) => new()
    {
        Status = decision.AccountId is null ? "suspense" : "accepted",
        AccountId = decision.AccountId,
        ReferenceId = decision.ReferenceId,
        Decision = Of(decision.Trace),
    };

    public static FileView Of(StatementFile file, IReadOnlyList<FileRemark> remarks, bool replayed = false) => new()
    {
        Id = file.Id.ToString(),
        Adapter = file.Adapter,
        Name = file.Name,
        Sha256 = Convert.ToHexStringLower(file.Sha256),
        Size = file.Size,
        State = file.State,
        Detail = file.Detail,
        Replayed = replayed,
        Accepted = file.Counts.Accepted,
        Suspense = file.Counts.Suspense,
        ReplayedPayments = file.Counts.Replayed,
        Conflicts = file.Counts.Conflicts,
        Notices = file.Counts.Notices,
        Faults = file.Counts.Faults,
        Remarks = [.. remarks.Select(one => new FileFaultView { Position = one.Position, Code = one.Code, Detail = one.Detail ?? one.Kind })],
        ReceivedAt = file.ReceivedAt,
        Readings = file.Readings,
        ReadAt = file.ReadAt,
    };

    public static DeliveryView Of(DeliveryRecord delivery, DeliveryWait? wait = null, IReadOnlyList<AttemptRecord>? history = null) => new()
    {
        Id = delivery.Id.ToString(),
        PaymentId = delivery.PaymentId?.ToString(),
        AccountId = delivery.AccountId,
        DestinationId = delivery.DestinationId ?? "(removed)", // before the ids of removed ones were kept
        DestinationRemoved = delivery.DestinationRemoved,
        Sequence = delivery.Sequence,
        Event = delivery.Event,
        State = delivery.State,
        Attempts = delivery.Attempts,
        DueAt = delivery.State == "pending" ? delivery.DueAt : null,
        CreatedAt = delivery.CreatedAt,
        AttemptedAt = delivery.AttemptedAt,
        DeliveredAt = delivery.DeliveredAt,
        LastStatus = delivery.LastStatus,
        LastError = delivery.LastError,
        Cause = delivery.Cause,
        Wait = LaneViews.Of(wait),
        History = history?.Select(Of).ToArray(),
    };

    public static ReplayView Of(ReplayRecord replay) => new()
    {
        Id = replay.Id?.ToString(),
        Total = replay.Total,
        Replayed = replay.Replayed,
        Paused = replay.Paused,
        First = replay.First,
        Last = replay.Last,
        FinishedAt = replay.FinishedAt,
    };

    private static AttemptView Of(AttemptRecord attempt) => new()
    {
        Number = attempt.Number,
        At = attempt.At,
        Milliseconds = (long)attempt.Duration.TotalMilliseconds,
        Status = attempt.Status,
        Error = attempt.Error,
        Cause = attempt.Cause,
        Excerpt = attempt.Excerpt,
    };

    /// <summary>What whoever looks at suspense has to go by; null when nothing was named.</summary>
    private static GivenView? Given(PaymentNotice notice)
    {
        var given = new GivenView { AccountId = notice.AccountId, ReferenceId = notice.ReferenceId, Text = notice.Text, Shortcode = notice.Shortcode };
        return given == new GivenView() ? null : given;
    }

    private static FindingView Own(FindingView finding, string? account) =>
        finding with { Detail = null, AccountId = finding.AccountId == account ? account : null };

    private static FindingView[] Of(IReadOnlyList<RuleFinding> trace)
    {
        var views = new FindingView[trace.Count];
        for (var place = 0; place < views.Length; place++)
        {
            var finding = trace[place];
            views[place] = new FindingView
            {
                Rule = finding.Rule,
                Verdict = Word(finding.Verdict),
                Detail = finding.Detail,
                AccountId = finding.AccountId,
                ReferenceId = finding.ReferenceId,
            };
        }

        return views;
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Found => "found",
        Verdict.Silent => "silent",
        Verdict.Unknown => "unknown",
        Verdict.Unanswered => "unanswered",
        _ => "ambiguous",
    };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
