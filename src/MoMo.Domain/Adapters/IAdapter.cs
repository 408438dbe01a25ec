using MoMo.Engine;

namespace MoMo.Domain.Adapters;

/// <summary>An adapter's actor: knows whether it is alive. Answers when that is durable.</summary>
public interface IAdapter
{
    /// <summary>The adapter has started.</summary>
    /// <returns>Its liveness, or <c>adapter-unknown</c>, <c>adapter-archived</c>.</returns>
    Task<Outcome<AdapterLiveness>> Register(AdapterSignal signal);

    /// <summary>The adapter is still there.</summary>
    /// <returns>Its liveness, or <c>adapter-unknown</c>, <c>adapter-archived</c>.</returns>
    Task<Outcome<AdapterLiveness>> Heartbeat(AdapterSignal signal);

    /// <summary>The adapter says that it works, or does not.</summary>
    /// <returns>Its liveness, or <c>adapter-unknown</c>, <c>adapter-archived</c>.</returns>
    Task<Outcome<AdapterLiveness>> Report(AdapterSignal signal);
}
