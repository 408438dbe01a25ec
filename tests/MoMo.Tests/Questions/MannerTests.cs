using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Edge.Psps;
using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>Each PSP is asked in its own manner, and is believed only about what it was asked.</summary>
public sealed class MannerTests(AskingFixture fixture) : IClassFixture<AskingFixture>
{
    [Fact]
    public async Task Pesapals_IPN_rings_and_an_answer_about_another_order_makes_nothing()
    {
        var settings = new { status_url = $"{fixture.Psp.Url}/status?id={{order_tracking_id}}", token_url = $"{fixture.Psp.Url}/api/Auth/RequestToken" };
        var (adapter, path) = await fixture.AddAsync(
            "pesapal", settings, new() { ["consumer_key"] = AskedPsp.User, ["consumer_secret"] = AskedPsp.Password });
        var (order, id) = (AskingFixture.Fresh(), AskingFixture.Fresh());
        fixture.Psp.Says(order, Pesapal(AskingFixture.Fresh(), id));
        using var stranger = fixture.Silo.As(null);
        var answer = await stranger.GetAsync($"{path}?OrderTrackingId={order}&OrderMerchantReference=acme%231&OrderNotificationType=IPNCHANGE");
        Assert.Equal((200, 200), (answer.Status, answer.Json.GetProperty("status").GetInt32()));

        var question = await fixture.AskedAsync(adapter, order, 1);
        Assert.Contains("another payment", question.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'status-mismatch'"));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));

        fixture.Psp.Says(order, Pesapal(order, id));
        await fixture.HurryAsync(adapter, order);
        question = await fixture.UntilAsync(adapter, order, "found");
        var payment = await fixture.PaymentAsync(question.GetProperty("payment_id").GetString()!);
        Assert.Equal((id, "100.00", "KES", "acme"), (
            payment.GetProperty("psp_reference").GetString(), payment.GetProperty("amount").GetString(), payment.GetProperty("currency").GetString(),
            payment.GetProperty("account_id").GetString()));

        // The same IPN comes again when Pesapal takes the payment back.
        fixture.Psp.Says(order, Pesapal(order, id, 3));
        await stranger.GetAsync($"{path}?OrderTrackingId={order}&OrderMerchantReference=acme%231&OrderNotificationType=IPNCHANGE");
        await fixture.HurryAsync(adapter, order);
        await fixture.UntilAsync(adapter, order, "reversed");
        Assert.Equal(1, await fixture.CountAsync($"reversals_now WHERE adapter_id = '{adapter}' AND account_id = 'acme'"));
    }

    [Fact]
    public async Task Flutterwaves_charge_is_verified_by_the_reference_that_the_adapter_asks_by()
    {
        var settings = new { status_url = $"{fixture.Psp.Url}/open/{{tx_ref}}" };
        var (adapter, path) = await fixture.AddAsync("flutterwave-v3", settings, new() { ["secret_hash"] = "hash", ["secret_key"] = AskedPsp.Key });
        var (reference, number) = ($"acme#{AskingFixture.Fresh()}", RandomNumberGenerator.GetInt32(1, int.MaxValue));
        fixture.Psp.Says(reference, $$"""{"status":"success","data":{{Charge(number, reference, "100.50")}}}""");
        using var stranger = fixture.Silo.As(null);
        stranger.Http.DefaultRequestHeaders.Add("verif-hash", "hash");
        Assert.Equal(200, (await stranger.PostAsync(path, $$"""{"event":"charge.completed","data":{{Charge(number, reference, "9000")}}}""")).Status);
        var question = await fixture.UntilAsync(adapter, reference, "found");
        var payment = await fixture.PaymentAsync(question.GetProperty("payment_id").GetString()!);
        Assert.Equal("100.50", payment.GetProperty("amount").GetString());
        Assert.Contains(fixture.Psp.Headers, one => one.GetValueOrDefault("Authorization") == $"Bearer {AskedPsp.Key}");
    }

    [Fact]
    public async Task Selcoms_question_is_signed_and_only_the_orders_own_status_counts()
    {
        var settings = new { status_url = $"{fixture.Psp.Url}/open/{{order_id}}" };
        var (adapter, _) = await fixture.AddAsync("selcom", settings, new() { ["api_key"] = "the-key", ["api_secret"] = "the-secret" });
        var (order, id) = ($"acme-{AskingFixture.Fresh()}", AskingFixture.Fresh());
        // The question failed: that says nothing of the payment.
        fixture.Psp.Says(order, $$"""{"transid":"F1","reference":"0289999288","resultcode":"403","result":"FAIL","message":"No response","data":[]}""");
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference = order });
        Assert.Equal("waiting", (await fixture.AskedAsync(adapter, order, 1)).GetProperty("state").GetString());

        fixture.Psp.Says(order, Selcom(order, id, "PENDING"));
        await fixture.HurryAsync(adapter, order);
        Assert.Equal("waiting", (await fixture.AskedAsync(adapter, order, 2)).GetProperty("state").GetString());
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));

        fixture.Psp.Says(order, Selcom(order, id, "COMPLETED"));
        await fixture.HurryAsync(adapter, order);
        var question = await fixture.UntilAsync(adapter, order, "found");
        var payment = await fixture.PaymentAsync(question.GetProperty("payment_id").GetString()!);
        Assert.Equal((id, "1000.00", "TZS"), (
            payment.GetProperty("psp_reference").GetString(), payment.GetProperty("amount").GetString(), payment.GetProperty("currency").GetString()));

        var sent = fixture.Psp.Headers.First(one => one.GetValueOrDefault("Signed-Fields") == "order_id" && one["Authorization"] == $"SELCOM {Convert.ToBase64String("the-key"u8)}");
        var text = Encoding.UTF8.GetBytes($"timestamp={sent["Timestamp"]}&order_id={order}");
        Assert.Equal(Convert.ToBase64String(HMACSHA256.HashData("the-secret"u8, text)), sent["Digest"]);
    }

    [Theory]
    [InlineData("mtn-momo", """{"status_url":"https://psp.example/{reference}","token_url":"https://psp.example/token"}""", null)]
    [InlineData("mtn-momo", """{"status_url":"https://psp.example/{reference}"}""", "settings.token_url")]
    [InlineData("mtn-momo", """{"token_url":"https://psp.example/token","status_headers":{"X-A":"b"}}""", "settings.token_url settings.status_headers")]
    [InlineData("mtn-momo", """{"status_url":"https://psp.example/","token_url":"ftp://x"}""", "settings.status_url settings.token_url")]
    [InlineData("pesapal", """{"status_url":"https://{reference}.example/","token_url":"https://psp.example/token"}""", "settings.status_url")]
    [InlineData("pesapal", """{"status_url":"https://psp.example/{reference}?x={tx_ref}","token_url":"https://psp.example/token"}""", "settings.status_url")]
    [InlineData("pesapal", """{"status_url":"https://user:pw@psp.example/{reference}","token_url":"https://psp.example/token"}""", "settings.status_url")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}/verify","status_headers":{"Authorization":"Bearer {secret_key}"}}""", null)]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","token_url":"https://psp.example/token"}""", "settings.token_url")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":{"Authorization":"Bearer FLWSECK-1"}}""", "settings.status_headers.Authorization")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":{"X-A":"{api_key}"}}""", "settings.status_headers.X-A")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":{"Host":"other.example"}}""", "settings.status_headers.Host")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":{"X A":"b"}}""", "settings.status_headers.X A")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":{"X-A":"b\r\nc"}}""", "settings.status_headers.X-A")]
    [InlineData("flutterwave-v3", """{"status_url":"https://psp.example/{tx_ref}","status_headers":["X-A"]}""", "settings.status_headers")]
    [InlineData("mtn-momo", """{"status_url":"https://psp.example/{reference}","token_url":"https://psp.example/t","status_headers":{"Ocp-Apim-Subscription-Key":"0123"}}""", "settings.status_headers.Ocp-Apim-Subscription-Key")]
    [InlineData("mtn-momo", """{"status_url":"https://psp.example/{reference}","token_url":"https://psp.example/t","status_headers":{"ocp-apim-subscription-key":"{subscription_key}"}}""", null)]
    [InlineData("pesapal", """{"status_url":"https://psp.example/{reference}","token_url":"https://psp.example/t","status_headers":{"X-Client-Secret":"0123"}}""", "settings.status_headers.X-Client-Secret")]
    [InlineData("selcom", """{"status_url":"https://psp.example/{reference}","status_headers":{"Digest-Method":"HS256","x-proxy-token":"0123"}}""", "settings.status_headers.x-proxy-token")]
    [InlineData("mpesa-c2b", """{"status_url":"https://psp.example/{reference}"}""", "settings.status_url")]
    public void Settings_are_checked_by_name(string format, string settings, string? faults)
    {
        var refused = CallbackFormats.All.Single(one => one.Name == format).CheckSettings(JsonElement.Parse(settings));
        Assert.Equal(faults, refused is null ? null : string.Join(' ', refused.Faults.Select(fault => fault.Field)));
    }

    [Fact]
    public void An_answer_that_names_no_payment_is_about_none()
    {
        Assert.Equal("", Named("pesapal", """{"status_code":1,"confirmation_code":"C1","merchant_reference":"acme#1"}"""));
        Assert.Equal("o1", Named("pesapal", """{"order_tracking_id":"o1","call_back_url":"https://shop.example/?OrderTrackingId=o2"}"""));
        Assert.Equal("o2", Named("pesapal", """{"call_back_url":"https://shop.example/paid?OrderMerchantReference=1&OrderTrackingId=o2"}"""));
        Assert.Equal("", Named("pesapal", """{"call_back_url":"https://shop.example/paid?OrderTrackingId=o1&OrderTrackingId=o2"}"""));
        Assert.Equal("", Named("pesapal", """{"call_back_url":"https://shop.example/paid"}"""));
        Assert.Equal("", Named("flutterwave-v3", """{"status":"success","data":{"id":7}}""", "tx_ref"));
        Assert.Equal("7", Named("flutterwave-v3", """{"status":"success","data":{"id":7}}""", "psp_reference"));
        Assert.Equal("", Named("flutterwave-v3", """{"status":"success"}""", "psp_reference"));
        Assert.Null(Named("pesapal", "<html>"));
        Assert.Null(Named("flutterwave-v3", "<html>", "tx_ref"));
    }

    [Fact]
    public async Task An_answer_that_names_no_payment_makes_none()
    {
        var settings = new { status_url = $"{fixture.Psp.Url}/open/{{tx_ref}}" };
        var (adapter, _) = await fixture.AddAsync("flutterwave-v3", settings, new() { ["secret_hash"] = "hash", ["secret_key"] = AskedPsp.Key });
        var reference = AskingFixture.Fresh();
        fixture.Psp.Says(reference, """{"status":"success","data":{"id":7,"amount":5,"currency":"KES","status":"successful","created_at":"2026-03-14T12:16:17Z"}}""");
        await fixture.Hub.PostAsync($"/v1/adapters/{adapter}/status-questions", new { reference });
        Assert.Equal("waiting", (await fixture.AskedAsync(adapter, reference, 1)).GetProperty("state").GetString());
        Assert.Equal(1, await fixture.CountAsync($"kept_messages WHERE adapter_id = '{adapter}' AND why = 'status-mismatch'"));
        Assert.Equal(0, await fixture.CountAsync($"payments WHERE psp_id = '{adapter}'"));
    }

    private static string? Named(string format, string body, string by = "order_tracking_id") =>
        ((IStatusFormat)CallbackFormats.All.Single(one => one.Name == format)).Named(Encoding.UTF8.GetBytes(body), by);

    private static string Pesapal(string order, string id, int code = 1) => $$"""
        {"payment_method":"MpesaKE","amount":100.0,"created_date":"2026-03-14T15:16:17.763","confirmation_code":"{{id}}","order_tracking_id":"{{order}}",
         "payment_account":"2547xxx149","status_code":{{code}},"merchant_reference":"acme#1","currency":"KES","status":"200"}
        """;

    private static string Charge(int id, string reference, string amount) =>
        $$"""{"id":{{id}},"tx_ref":"{{reference}}","flw_ref":"X","amount":{{amount}},"charged_amount":{{amount}},"currency":"KES","status":"successful","created_at":"2026-03-14T12:16:17Z"}""";

    private static string Selcom(string order, string id, string status) => $$"""
        {"reference":"0289999288","resultcode":"000","result":"SUCCESS","message":"Order fetch successful",
         "data":[{"order_id":"{{order}}","creation_date":"2026-03-14 12:00:00","amount":"1000","payment_status":"{{status}}","transid":"{{id}}","phone":"255712345678"}]}
        """;
}
