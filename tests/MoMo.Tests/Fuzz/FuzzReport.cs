namespace MoMo.Tests.Fuzz;

/// <summary>What a run did.</summary>
/// <param name="Inputs">Inputs that were read.</param>
/// <param name="Outcomes">Different ways they took.</param>
/// <param name="Payments">Payments that were accepted and survived writing and reading.</param>
/// <param name="Slowest">The longest that one input took.</param>
/// <param name="Elapsed">Wall time.</param>
internal sealed record FuzzReport(long Inputs, int Outcomes, long Payments, TimeSpan Slowest, TimeSpan Elapsed)
{
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Inputs:N0} inputs in {Elapsed.TotalSeconds:F1} s ({Inputs / Elapsed.TotalSeconds:N0}/s), {Outcomes} outcomes, {Payments:N0} payments, slowest {Slowest.TotalMilliseconds:F0} ms");
}
