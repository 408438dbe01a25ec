using System.Net.Http.Headers;

namespace MoMo.Silo.Demo;

/// <summary>
/// The demo's PSPs: pays about once a second, through M-Pesa's real callback and through the API. Some payers mistype their reference, some
/// messages come twice, and now and then one comes again with another amount.
/// </summary>
internal sealed class DemoPayer : IDisposable
{
    private const int RememberedMax = 50;
    private const string Digits = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private readonly HttpClient http;
    private readonly DemoReady ready;
    private readonly TimeSpan every;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Random chance;
    private readonly List<DemoMessage> sent = [];
    private long number;

    public DemoPayer(Uri hub, DemoReady ready, DemoOptions options, TimeProvider clock, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.ready, every, this.clock, this.log) = (ready, options.Every, clock, log);
        http = new HttpClient { BaseAddress = hub, Timeout = TimeSpan.FromSeconds(10) };
        chance = new Random(options.Seed);
        // Ids go on where the last start ended: they must never be used for other money.
        number = clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(every * (0.5 + chance.NextDouble()), clock, cancellation);
                await PayAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    public void Dispose() => http.Dispose();

    private async Task PayAsync(CancellationToken cancellation)
    {
        var message = Next();
        try
        {
            if (message.Callback) await SendAsync($"{ready.CallbackPath}/validation", message, cancellation);
            await SendAsync(message.Callback ? $"{ready.CallbackPath}/confirmation" : "v1/payments", message, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogDebug("The demo's PSP got no answer: {Reason}", e.Message);
        }
    }

    private DemoMessage Next()
    {
        var roll = chance.Next(100);
        if (sent.Count > 0 && roll >= 90)
        {
            var earlier = sent[chance.Next(sent.Count)];
            return roll < 97 ? earlier : earlier.Changed();
        }

        var message = roll < 82 ? Known() : Mistyped();
        sent.Add(message);
        if (sent.Count > RememberedMax) sent.RemoveAt(0);
        return message;
    }

    private DemoMessage Known()
    {
        var account = DemoAccount.All[chance.Next(DemoAccount.All.Count)];
        var reference = account.LookupPrefix is { } prefix ? $"{prefix}{chance.Next(100, 140)}" : account.References[chance.Next(account.References.Count)].Id;
        var now = clock.GetUtcNow();
        return chance.Next(10) switch
        {
            < 5 when ready.CallbackPath is not null => DemoMessage.MPesa(Id(), chance.Next(3) == 0 ? $"{account.Id}#{reference}" : reference, chance, now),
            < 9 => DemoMessage.Standard("airtel-ug", Id(), "reference_id", reference, "UGX", chance, now),
            _ => DemoMessage.Standard("demo-bank", Id(), "account_id", account.Id, "KES", chance, now),
        };
    }

    /// <summary>A reference that nobody has: the money is kept in suspense.</summary>
    private DemoMessage Mistyped()
    {
        var text = chance.Next(3) switch
        {
            0 => $"47{chance.Next(20, 99)}",
            1 => $"SOLL {chance.Next(1001, 1004)}",
            _ => "school fees",
        };
        return ready.CallbackPath is null
            ? DemoMessage.Standard("airtel-ug", Id(), "reference_id", text, "UGX", chance, clock.GetUtcNow())
            : DemoMessage.MPesa(Id(), text, chance, clock.GetUtcNow());
    }

    private async Task SendAsync(string path, DemoMessage message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (!message.Callback) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ready.Key);
        using var answer = await http.SendAsync(request, cancellation);
        // A changed repeat is refused with 409, as it should be.
        if (!answer.IsSuccessStatusCode && (int)answer.StatusCode is not 409 && log.IsEnabled(LogLevel.Information))
            log.LogInformation("The demo's PSP was answered {Status} by {Path}.", (int)answer.StatusCode, message.Callback ? "the callback" : path);
    }

    /// <summary>Ten letters and digits, like an M-Pesa receipt.</summary>
    private string Id()
    {
        number++;
        Span<char> text = stackalloc char[10];
        var left = number;
        for (var place = text.Length - 1; place >= 0; place--)
        {
            text[place] = Digits[(int)(left % Digits.Length)];
            left /= Digits.Length;
        }

        return new string(text);
    }
}
