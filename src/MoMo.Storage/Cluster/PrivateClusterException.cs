namespace MoMo.Storage.Cluster;

/// <summary>The private database can't be had. The message is one sentence that an operator can act on.</summary>
public sealed class PrivateClusterException : Exception
{
    /// <summary>What is wrong, and what to do.</summary>
    public PrivateClusterException(string message, Exception? inner = null) : base(message, inner) { }
}
