using MoMo.Client.Wire;

namespace MoMo.Client.Api;

/// <summary>Where a payment would go: <c>/v1/routing</c>.</summary>
public sealed class RoutingApi
{
    private readonly Transport transport;

    internal RoutingApi(Transport transport) => this.transport = transport;

    /// <summary>Asks the rules about a payment that nobody made. Nothing is recorded.</summary>
    /// <param name="question">What the payment would carry.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="MoMoException">400, 422: the question is malformed. 401, 403: the key is missing, unknown or may not.</exception>
    /// <exception cref="HttpRequestException">The hub could not be reached.</exception>
    public Task<RoutingView> DryRunAsync(RoutingQuestion question, CancellationToken cancellation = default) => transport.PostAsync(
        "v1/routing/dry-run", question, MoMoJson.Default.RoutingQuestion, MoMoJson.Default.RoutingView, Repeat.Always, cancellation);
}
