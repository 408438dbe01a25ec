namespace MoMo.Engine;

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">The field's name as the caller wrote it: snake_case, nested with a dot (<c>payer.name</c>).</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Detail">One sentence that says what to do.</param>
public sealed record FieldFault(string Field, string Code, string Detail);
