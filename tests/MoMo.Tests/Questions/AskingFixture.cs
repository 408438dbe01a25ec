using System.Globalization;
using System.Text.Json;
using MoMo.Engine;
using MoMo.Tests.Support;

namespace MoMo.Tests.Questions;

/// <summary>A silo that asks a PSP; account <c>acme</c>, told by webhook. The clock of a question is moved by its row.</summary>
public sealed class AskingFixture : IAsyncLifetime
{
    private static readonly Ids Ids = new();
    private static int made;

    internal SiloHost Silo { get; private set; } = null!;

    internal AskedPsp Psp { get; private set; } = null!;

    internal AccountServer Server { get; private set; } = null!;

    internal HubClient Hub => Silo.Hub;

    public async Task InitializeAsync()
    {
        Psp = await AskedPsp.StartAsync();
        Server = await AccountServer.StartAsync();
        Silo = await SiloHost.StartAsync(null, ("MoMo:Deliveries:Grace", "00:00:00"), ("MoMo:Webhooks:Timeout", "00:00:02"));
        await Hub.AddAccountAsync("acme");
        await Hub.AddWebhookAsync("acme", Server);
    }

    public async Task DisposeAsync()
    {
        await JournalHost.AssertLawfulAsync(Silo.Database);
        await Silo.DisposeAsync();
        await Server.DisposeAsync();
        await Psp.DisposeAsync();
    }

    /// <summary>An adapter of a PSP of its own.</summary>
    internal Task<(string Id, string Path)> AddAsync(string format, object settings, Dictionary<string, string> credentials) =>
        AddAsync(Hub, format, settings, credentials);

    internal static async Task<(string Id, string Path)> AddAsync(HubClient hub, string format, object settings, Dictionary<string, string> credentials)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"q{Interlocked.Increment(ref made)}");
        await hub.AddPspAsync(id);
        var answer = await hub.PostAsync("/v1/adapters", new { id, name = id, psp = id, format, settings, credentials });
        Assert.True(answer.Status == 201, answer.ToString());
        return (id, answer.Text("callback_path")!);
    }

    /// <summary>MTN as it is configured.</summary>
    internal Task<(string Id, string Path)> AddMtnAsync(string? statusUrl = null) => AddAsync("mtn-momo", MtnSettings(Psp, statusUrl), MtnCredentials);

    internal static object MtnSettings(AskedPsp psp, string? statusUrl = null) => new
    {
        status_url = statusUrl ?? $"{psp.Url}/status/{{reference}}",
        token_url = $"{psp.Url}/collection/token/",
        status_headers = new Dictionary<string, string> { ["X-Target-Environment"] = "mtnuganda" },
    };

    internal static Dictionary<string, string> MtnCredentials => new()
    {
        ["subscription_key"] = AskedPsp.Key, ["api_user"] = AskedPsp.User, ["api_key"] = AskedPsp.Password,
    };

    /// <summary>What MTN says of a payment, in a callback or asked.</summary>
    internal static string Mtn(string id, string status = "SUCCESSFUL", string amount = "500") => $$$"""
        {"financialTransactionId":"{{{id}}}","externalId":"acme#{{{id}}}","amount":"{{{amount}}}","currency":"UGX","payer":{"partyIdType":"MSISDN","partyId":"256770123456"},"status":"{{{status}}}"}
        """;

    internal static string Fresh() => Ids.Next().ToString();

    /// <summary>MTN calls back about a requesttopay.</summary>
    internal async Task RingAsync(string path, string reference, string body)
    {
        using var stranger = Silo.As(null);
        var answer = await stranger.PutAsync($"{path}/{reference}", body);
        Assert.True(answer.Status == 200, answer.ToString());
    }

    /// <summary>The question about a reference once it is in a state.</summary>
    internal Task<JsonElement> UntilAsync(string adapter, string reference, string state) => UntilAsync(adapter, reference, one => one.GetProperty("state").GetString() == state);

    internal Task<JsonElement> UntilAsync(string adapter, string reference, Func<JsonElement, bool> condition) => UntilAsync(Hub, adapter, reference, condition);

    internal static async Task<JsonElement> UntilAsync(HubClient hub, string adapter, string reference, Func<JsonElement, bool> condition)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var items = (await hub.GetAsync($"/v1/adapters/{adapter}/status-questions?reference={Uri.EscapeDataString(reference)}")).Json.GetProperty("items");
                if (items.GetArrayLength() == 0) return false;
                found = items[0];
                return condition(found);
            },
            () => found.ToString());
        return found;
    }

    /// <summary>Until the PSP was asked so often, and that was recorded.</summary>
    internal Task<JsonElement> AskedAsync(string adapter, string reference, int times) =>
        UntilAsync(adapter, reference, one => one.GetProperty("asked").GetInt32() >= times);

    /// <summary>The time of the next question has come; with <paramref name="last"/>, that of the last one.</summary>
    internal Task HurryAsync(string adapter, string reference, bool last = false) => Sql.DoAsync(
        Silo.Database.AppConnectionString,
        $"""
        UPDATE status_questions SET due_at = now() {(last ? ", until_at = now()" : "")} WHERE adapter_id = '{adapter}' AND reference = '{reference}';
        UPDATE agenda SET due_at = now() WHERE kind = 'status-questions' AND key = '{adapter}';
        """);

    /// <summary>The time is over for which the adapter's PSP is left alone.</summary>
    internal Task RestedAsync(string adapter) => Sql.DoAsync(
        Silo.Database.AppConnectionString, $"UPDATE agenda SET leased_until = '-infinity' WHERE kind = 'status-questions' AND key = '{adapter}'");

    internal Task<long> CountAsync(string condition) => Sql.AskAsync<long>(Silo.Database.AppConnectionString, $"SELECT count(*) FROM {condition}");

    internal async Task<JsonElement> PaymentAsync(string id) => (await Hub.GetAsync($"/v1/payments/{id}")).Json;
}
