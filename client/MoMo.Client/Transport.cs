using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MoMo.Client.Wire;

namespace MoMo.Client;

/// <summary>Sends requests, repeats what the hub asked to be repeated, and turns refusals into exceptions.</summary>
internal sealed class Transport
{
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly MoMoClientOptions options;

    public Transport(HttpClient http, MoMoClientOptions options, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AttemptsMax, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.AttemptsMax, 10, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WaitMax, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.WaitMax, TimeSpan.FromHours(1), nameof(options));
        this.http = http;
        this.options = options;
        this.clock = clock;
    }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), type, Repeat.Always, cancellation);

    /// <summary>Lists every page, asking for the next one when the last item of a page has been taken.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(
        string path, Query query, int pageSize, JsonTypeInfo<Page<T>> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        string? after = null;
        do
        {
            var page = await GetAsync(path + query.With("limit", pageSize).With("after", after), type, cancellation);
            foreach (var item in page.Items) yield return item;
            after = page.Next;
        }
        while (after is not null);
    }

    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> type, Repeat repeat, CancellationToken cancellation) =>
        AskAsync(Named(() => new HttpRequestMessage(HttpMethod.Post, path), repeat), type, repeat, cancellation);

    public Task<TView> PostAsync<TBody, TView>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TView> type, Repeat repeat, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        return AskAsync(
            Named(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyType) }, repeat),
            type, repeat, cancellation);
    }

    public Task<TView> PutAsync<TBody, TView>(
        string path, TBody body, long version, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TView> type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        return AskAsync(
            () => Versioned(new(HttpMethod.Put, path) { Content = JsonContent.Create(body, bodyType) }, version),
            type, Repeat.Always, cancellation);
    }

    /// <summary>Puts what has no version.</summary>
    public Task<TView> PutAsync<TBody, TView>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TView> type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(body);
        return AskAsync(
            () => new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, bodyType) }, type, Repeat.Always, cancellation);
    }

    /// <summary>Deletes what was seen at <paramref name="version"/>; null for what has no version.</summary>
    public async Task DeleteAsync(string path, long? version, CancellationToken cancellation)
    {
        try
        {
            using var response = await SendAsync(() => Versioned(new(HttpMethod.Delete, path), version), Repeat.Always, cancellation);
        }
        catch (MoMoException e) when (e is { IsUnsure: true, Status: HttpStatusCode.NotFound, Code: not (null or "route-unknown") })
        {
            // The attempt before did it, though the hub could not say so.
        }
    }

    public async Task<T> AskAsync<T>(
        Func<HttpRequestMessage> request, JsonTypeInfo<T> type, Repeat repeat, CancellationToken cancellation)
    {
        return await SendAsync(request, repeat, ReadAsync, cancellation);

        async Task<T> ReadAsync(HttpResponseMessage response, CancellationToken attempt)
        {
            using (response)
            {
                try
                {
                    await using var body = await response.Content.ReadAsStreamAsync(attempt);
                    return await JsonSerializer.DeserializeAsync(body, type, attempt) ?? throw new JsonException("The answer is null.");
                }
                catch (JsonException e)
                {
                    throw Refusal.Unreadable(response.StatusCode, e);
                }
            }
        }
    }

    /// <summary>
    /// Sends until it succeeds, is refused for good, or has been tried often enough. The answer's body is not read yet: what is long by nature, such as
    /// a file, takes as long as it takes.
    /// </summary>
    /// <param name="request">Makes the request anew for each attempt.</param>
    /// <param name="repeat">When it may be sent again.</param>
    /// <param name="cancellation">Cancels the attempt and the wait between attempts.</param>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, Repeat repeat, CancellationToken cancellation) =>
        SendAsync(request, repeat, static (response, _) => Task.FromResult(response), cancellation);

    /// <summary>Does what belongs to one attempt within the timeout of the <see cref="HttpClient"/>, which itself looks no further than an answer's head.</summary>
    /// <exception cref="HttpRequestException">The connection was lost, also amid an answer.</exception>
    /// <exception cref="TaskCanceledException">It took longer than the timeout: the inner exception is a <see cref="TimeoutException"/>.</exception>
    public async Task<T> AttemptAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        attempt.CancelAfter(http.Timeout);
        try
        {
            return await act(attempt.Token);
        }
        catch (IOException e)
        {
            throw Lost(e);
        }
        catch (OperationCanceledException e) when (attempt.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var why = $"The answer was not there after {http.Timeout}.";
            throw new TaskCanceledException(why, new TimeoutException(why, e));
        }
    }

    /// <summary>An answer broke off: to whoever waits for it that is the network's failure, and no file's.</summary>
    public static HttpRequestException Lost(IOException failure) =>
        new((failure as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown, failure.Message, failure);

    /// <summary>Sends once. Whatever the hub says is the answer; its body is not read yet.</summary>
    public async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var message = request();
        if (options.Key is { } key) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private async Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request, Repeat repeat, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var unsure = false; // an attempt may have been done
        for (var attempt = 1; ; attempt++)
        {
            var (answer, refusal, method) = await AttemptAsync(limit => AskOnceAsync(request, read, limit), cancellation);
            if (refusal is null) return answer!;

            if (attempt >= options.AttemptsMax || !MayRepeat(refusal, repeat)) throw unsure ? Refusal.OfRepeat(refusal, method) : refusal;
            unsure |= refusal.Status == HttpStatusCode.ServiceUnavailable;
            await Task.Delay(refusal.RetryAfter!.Value, clock, cancellation);
        }
    }

    private async Task<(T? Answer, MoMoException? Refusal, HttpMethod? Method)> AskOnceAsync<T>(
        Func<HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken limit)
    {
        var response = await SendOnceAsync(request, limit);
        if (response.IsSuccessStatusCode) return (await read(response, limit), null, null);
        using (response) return (default, await Refusal.ReadAsync(response, clock, limit), response.RequestMessage?.Method);
    }

    private bool MayRepeat(MoMoException refusal, Repeat repeat) =>
        refusal.RetryAfter is { } wait && wait <= options.WaitMax && refusal.Status switch
        {
            HttpStatusCode.TooManyRequests => repeat is not Repeat.Never,
            HttpStatusCode.ServiceUnavailable => repeat is Repeat.Always or Repeat.Named,
            HttpStatusCode.Conflict => repeat is Repeat.Named && refusal.Code == "idempotency-key-busy",
            _ => false,
        };

    /// <summary>All attempts at a request that is to be done once bear one name.</summary>
    private static Func<HttpRequestMessage> Named(Func<HttpRequestMessage> request, Repeat repeat)
    {
        if (repeat is not Repeat.Named) return request;
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return () =>
        {
            var message = request();
            message.Headers.Add("Idempotency-Key", name);
            return message;
        };
    }

    private static HttpRequestMessage Versioned(HttpRequestMessage message, long? version)
    {
        if (version is { } seen) message.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{seen}\""));
        return message;
    }
}
