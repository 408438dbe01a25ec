namespace MoMo.Simulator.Model;

/// <summary>What PostgreSQL, or the way to it, answers instead of a result.</summary>
internal sealed class ModelFault(ModelFaultKind kind) : Exception($"The store answers: {kind}.")
{
    public ModelFaultKind Kind => kind;
}
