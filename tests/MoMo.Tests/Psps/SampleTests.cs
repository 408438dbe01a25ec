using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Domain.Payments;
using MoMo.Domain.Routing;
using MoMo.Edge.Psps;

namespace MoMo.Tests.Psps;

/// <summary>Every sample of every PSP that calls back against an independent reading of it.</summary>
public sealed class SampleTests
{
    private static readonly (string Data, string Format)[] Formats =
    [
        ("airtel-money", "airtel-money"), ("flutterwave", "flutterwave-v3"), ("mixx-tigopesa-tz", "mixx-tz"), ("mpesa-ke", "mpesa-c2b"),
        ("mpesa-tz", "mpesa-tz"), ("mtn-momo", "mtn-momo"), ("orange-money", "orange-money"), ("paystack", "paystack"), ("pesapal", "pesapal"),
        ("selcom", "selcom"), ("wave", "wave"),
    ];

    /// <summary>What the samples were signed with; those of M-Pesa Tanzania and of most others are signed with secrets that nobody told.</summary>
    private static readonly OpenCredentials Secrets = new(
    [
        ("hash_key", "hub-test-airtel-key"), ("notif_token", "dd497bda3b250e536186fc0663f32f40"), ("sp_password", "none"),
        ("signing_secret", "none"),
    ]);

    public static IEnumerable<object[]> Files =>
        from pair in Formats
        from row in SharedData.Manifest(pair.Data)
        let verdict = SharedData.Reference("mobile-money.json", row["file"]).GetProperty("verdict").GetString()!
        where verdict is not ("vector" or "our_response" or "our_request") // neither is a message to us
        select new object[] { row["file"], FormatOf(pair.Format, row["file"]), verdict };

    [SharedDataTheory, MemberData(nameof(Files))]
    public void A_sample_reads_as_the_reference_does(string file, string format, string verdict)
    {
        var reference = SharedData.Reference("mobile-money.json", file);
        var payments = reference.GetProperty("payments").EnumerateArray().ToList();
        var test = payments.Any(one => one.TryGetProperty("test_mode", out var flag) && flag.GetBoolean());
        if (test) Assert.Equal(NoticeKind.Test, Assert.IsType<NoticeEntry>(Assert.Single(Read(file, format, Mode.Live))).Kind);
        var sandbox = payments.Any(one => one.GetProperty("psp").GetString() == "mtn-momo" && one.GetProperty("currency").GetString() == "EUR");
        var entry = Assert.Single(Read(file, format, test || sandbox ? Mode.Test : Mode.Live));
        if (verdict == "payment")
        {
            AssertSame(payments.Single(), Assert.IsType<PaymentEntry>(entry).Notice);
            return;
        }

        if (verdict == "reject") Assert.IsType<FaultEntry>(entry);
        else if (file.EndsWith("paymentrequest-success.json", StringComparison.Ordinal)) Assert.IsType<NoticeEntry>(entry);
        else Assert.Contains(entry is ReversalEntry ? NoticeKind.Reversal : Assert.IsType<NoticeEntry>(entry).Kind, Kinds(verdict));
    }

    [SharedDataFact]
    public void The_signatures_of_samples_are_right_where_their_secrets_are_known()
    {
        var vectors = JsonElement.Parse(SharedData.Read("flutterwave/derived/signature_vectors.json"));
        var v3 = vectors.GetProperty("v3");
        var value = v3.GetProperty("value").GetString()!;
        var body = SharedData.Read(v3.GetProperty("body").GetString()!);
        Assert.Null(Check("flutterwave-v3", "verif-hash", value, "secret_hash", value, body));
        Assert.Equal("signature-wrong", Check("flutterwave-v3", "verif-hash", value + "x", "secret_hash", value, body));

        // Wave's published vector: the body is that of the sample that was tampered with, before it was.
        const string secret = "wave_sn_WHS_xz4m6g8rjs9bshxy05xj4khcvjv7j3hcp4fbpvv6met0zdrjvezg";
        var header = JsonElement.Parse(SharedData.Read("wave/derived/checkout_completed_rotation.headers.json")).GetProperty("Wave-Signature").GetString()!;
        var tampered = SharedData.Read("wave/derived/checkout_completed_tampered.json");
        var genuine = System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(tampered).Replace("\"900\"", "\"100\"", StringComparison.Ordinal));
        var then = DateTimeOffset.FromUnixTimeSeconds(1_667_920_421);
        Assert.Null(Check("wave", "Wave-Signature", header, "signing_secret", secret, genuine, then.AddMinutes(4)));
        Assert.Equal("signature-stale", Check("wave", "Wave-Signature", header, "signing_secret", secret, genuine, then.AddMinutes(6)));
        Assert.Equal("signature-wrong", Check("wave", "Wave-Signature", header, "signing_secret", secret, tampered, then));
    }

    private static IReadOnlyList<Entry> Read(string file, string format, Mode mode)
    {
        var reader = CallbackFormats.All.Single(one => one.Name == format);
        var source = new CallbackSource("psp", "adapter", mode, default, Secrets);
        var bytes = SharedData.Read(file);
        if (IsStatus(file)) return ((IStatusFormat)reader).ReadStatus(bytes, source);
        var message = new CallbackMessage("POST", "confirmation", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), bytes, DateTimeOffset.UnixEpoch);
        if (format == "selcom") message = message with { Path = "" };
        // Only these carry their signature in the body.
        var stranger = format is "airtel-money" or "orange-money" or "mpesa-tz" ? reader.Check(message, source) : null;
        if (file.Contains("wave/derived/checkout_completed_tampered", StringComparison.Ordinal)) stranger = reader.Check(message, source);
        return stranger is null ? reader.Read(message, source) : [new FaultEntry(1, stranger.Code, stranger.Detail)];
    }

    private static string? Check(string format, string header, string value, string credential, string secret, byte[] body, DateTimeOffset at = default)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [header] = value };
        var source = new CallbackSource("psp", "adapter", Mode.Live, default, new OpenCredentials([(credential, secret)]));
        return CallbackFormats.All.Single(one => one.Name == format).Check(new CallbackMessage("POST", "", headers, body, at), source)?.Code;
    }

    /// <summary>Answers to our questions, not callbacks.</summary>
    private static bool IsStatus(string file) => file.Contains("verify_transaction", StringComparison.Ordinal)
        || file.Contains("get_transaction_status", StringComparison.Ordinal) || file.Contains("stk_query_response", StringComparison.Ordinal)
        || file.Contains("rtp_status", StringComparison.Ordinal) || (file.StartsWith("selcom/", StringComparison.Ordinal) && !file.Contains("webhook", StringComparison.Ordinal));

    private static string FormatOf(string format, string file) =>
        format == "flutterwave-v3" && file.Contains("v4_", StringComparison.Ordinal) ? "flutterwave-v4" : format;

    private static NoticeKind[] Kinds(string verdict) => verdict switch
    {
        "failed" => [NoticeKind.Failed],
        "pending" => [NoticeKind.Pending],
        "outgoing" => [NoticeKind.Outgoing, NoticeKind.Test],
        "outgoing_or_query_result" => [NoticeKind.Outgoing, NoticeKind.Info, NoticeKind.Failed, NoticeKind.Reversal],
        "refund_or_dispute" => [NoticeKind.Reversal, NoticeKind.Pending, NoticeKind.Failed, NoticeKind.Info],
        "needs_lookup" => [NoticeKind.Info],
        _ => [NoticeKind.Info, NoticeKind.Failed, NoticeKind.Pending, NoticeKind.Test],
    };

    private static void AssertSame(JsonElement expected, PaymentNotice notice)
    {
        Assert.Equal(expected.GetProperty("psp_reference").GetString(), notice.PspReference);
        Assert.Equal(expected.GetProperty("amount_minor").GetInt64(), notice.Amount.MinorUnits);
        Assert.Equal(expected.GetProperty("currency").GetString(), notice.Amount.Currency.Code);
        var (account, reference, split) = notice.Text is null ? (notice.AccountId, notice.ReferenceId, true) : AccountHashReferenceRule.Split(notice.Text);
        Assert.True(split || reference is null);
        Assert.Equal(expected.GetProperty("account_id").GetString(), account);
        Assert.Equal(expected.GetProperty("reference_id").GetString(), reference);
        var paidAt = expected.GetProperty("paid_at_utc");
        // The reference leaves out fractions of a second.
        Assert.Equal(
            paidAt.ValueKind == JsonValueKind.Null ? null : paidAt.GetDateTimeOffset().ToUnixTimeSeconds(), notice.PaidAt?.Instant.ToUnixTimeSeconds());
        if (expected.GetProperty("payer").ValueKind == JsonValueKind.Null) return;
        foreach (var field in expected.GetProperty("payer").EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String))
            Assert.Equal(field.Value.GetString(), field.Name switch
            {
                "name" => notice.Payer?.Name,
                "msisdn" => notice.Payer?.Phone,
                _ => notice.Payer?.Account,
            });
    }
}
