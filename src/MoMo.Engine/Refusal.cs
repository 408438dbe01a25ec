namespace MoMo.Engine;

/// <summary>A no that the caller can read and act on. Broken infrastructure and bugs throw instead.</summary>
/// <param name="Code">Stable and machine-readable, such as <c>amount-too-fine</c>. Never renamed once shipped.</param>
/// <param name="Detail">One sentence that says what to do.</param>
/// <param name="Faults">What is wrong with which field; empty when no single field is to blame.</param>
public sealed record Refusal(string Code, string Detail, IReadOnlyList<FieldFault> Faults)
{
    /// <summary>A refusal that no single field is to blame for.</summary>
    public Refusal(string code, string detail) : this(code, detail, []) { }

    /// <summary>A refusal for one field.</summary>
    public static Refusal Of(string field, string code, string detail) => new(code, detail, [new FieldFault(field, code, detail)]);
}
