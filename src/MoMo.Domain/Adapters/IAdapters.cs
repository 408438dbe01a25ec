namespace MoMo.Domain.Adapters;

/// <summary>Finds the actor of an adapter, wherever it lives.</summary>
public interface IAdapters
{
    /// <summary>The adapter's actor.</summary>
    IAdapter Of(string adapterId);
}
