namespace MoMo.Storage.Cluster;

/// <summary>What a server says to somebody who knocks.</summary>
internal enum ServerAnswer
{
    /// <summary>Nobody answers.</summary>
    Silent,

    /// <summary>It is there but takes nobody in now: it recovers, it is full, or it is going down.</summary>
    NotNow,

    /// <summary>It works.</summary>
    Ready,
}
