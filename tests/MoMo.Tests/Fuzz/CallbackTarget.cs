using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Edge.Psps;

namespace MoMo.Tests.Fuzz;

/// <summary>The messages of one PSP that calls back.</summary>
internal sealed class CallbackTarget(ICallbackFormat format) : IFuzzTarget
{
    private static readonly string[] Data =
        ["airtel-money", "flutterwave", "mixx-tigopesa-tz", "mpesa-ke", "mpesa-tz", "mtn-momo", "orange-money", "paystack", "pesapal", "selcom", "wave"];

    private static readonly OpenCredentials Secrets = new(CallbackFormats.All.SelectMany(one => one.Credentials).Select(one => (one.Name, "s")).Distinct());

    /// <summary>All PSPs.</summary>
    public static IEnumerable<IFuzzTarget> All => CallbackFormats.All.Select(one => new CallbackTarget(one));

    public string Name => $"callback of {format.Name}";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        "{\"event\":\"charge.success\",\"data\":{\"status\":\"success\",\"reference\":\"R\",\"amount\":5,\"currency\":\"KES\",\"paid_at\":\"2026-03-14T12:16:17Z\"}}"u8.ToArray(),
        "<COMMAND><TYPE>SYNC_BILLPAY_REQUEST</TYPE><TXNID>1</TXNID><AMOUNT>10</AMOUNT></COMMAND>"u8.ToArray(),
        .. Data.SelectMany(FuzzSamples.Shared),
    ];

    /// <summary>The same adapter, where it may ask.</summary>
    private CallbackSource Asking(CallbackSource source) => format is IStatusFormat { Manner: { } manner }
        ? source with { Settings = JsonSerializer.SerializeToElement(new { status_url = $"https://psp.example/{{{manner.AskedBy[0]}}}", token_url = "https://psp.example/token" }) }
        : source;

    public FuzzOutcome Run(byte[] input)
    {
        var source = new CallbackSource("psp", "adapter", Mode.Live, default, Secrets);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Wave-Signature"] = "t=1,v1=x", ["Digest"] = "x", ["Timestamp"] = "2026-03-14T12:16:17Z", ["Signed-Fields"] = "order_id,result",
        };
        var message = new CallbackMessage("POST", "confirmation", headers, input, DateTimeOffset.UnixEpoch);
        format.Check(message, source);
        var entries = format.Read(message, source);
        Kept.Demand(entries.Count > 0, "nothing is said of a message");
        foreach (var verdict in (CallbackVerdict[])[CallbackVerdict.Accepted, CallbackVerdict.Refused]) format.Answer(message, new CallbackOutcome(verdict));
        if (format is IStatusFormat status)
        {
            Kept.Entries(status.ReadStatus(input, source));
            foreach (var by in status.Manner?.AskedBy ?? []) Kept.Demand(status.Named(input, by) is null or { Length: <= 400 }, "what an answer names is endless");
            Kept.Demand(format.Read(message, Asking(source)).Count > 0, "nothing is said of a message that rings");
        }

        return entries is [QuestionEntry] ? new FuzzOutcome("question") : Kept.Entries(entries);
    }
}
