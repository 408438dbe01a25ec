namespace MoMo.Engine;

/// <summary>A value, or a refusal that the caller is meant to read.</summary>
/// <typeparam name="T">What comes of it when it is not refused.</typeparam>
public sealed class Outcome<T> where T : class
{
    private readonly T? value;
    private readonly Refusal? refusal;

    private Outcome(T? value, Refusal? refusal) => (this.value, this.refusal) = (value, refusal);

    /// <summary>The refusal, or null when there is a value.</summary>
    public Refusal? Refused => refusal;

    /// <summary>The value, or null when it was refused.</summary>
    public T? Accepted => value;

    /// <summary>Accepts.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Refuses.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);

    /// <summary>Handles both cases; neither can be forgotten.</summary>
    public TResult Match<TResult>(Func<T, TResult> accepted, Func<Refusal, TResult> refused)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        ArgumentNullException.ThrowIfNull(refused);
        return refusal is null ? accepted(value!) : refused(refusal);
    }
}
