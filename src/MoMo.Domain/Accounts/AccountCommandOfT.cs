using MoMo.Engine;

namespace MoMo.Domain.Accounts;

/// <summary>An account's command that is answered with a <typeparamref name="TAnswer"/>.</summary>
public abstract class AccountCommand<TAnswer> : AccountCommand where TAnswer : class
{
    // Continuations run elsewhere: the writer that commits must not do its callers' work.
    private readonly TaskCompletionSource<Outcome<TAnswer>> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends after the commit.</summary>
    public Task<Outcome<TAnswer>> Answered => answered.Task;

    /// <summary>What was decided in this turn; null until then. A turn that is run again decides again.</summary>
    public Outcome<TAnswer>? Decision { get; set; }

    /// <inheritdoc/>
    public override void Answer() =>
        answered.TrySetResult(Decision ?? throw new InvalidOperationException($"{GetType().Name} was committed without a decision."));

    /// <inheritdoc/>
    public override void Fail(Exception fault) => answered.TrySetException(fault);
}
