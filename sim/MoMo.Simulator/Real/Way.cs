namespace MoMo.Simulator.Real;

/// <summary>Which way bytes go through a <see cref="Proxy"/>.</summary>
[Flags]
internal enum Way
{
    /// <summary>From the client to the server.</summary>
    ToServer = 1,

    /// <summary>From the server to the client.</summary>
    ToClient = 2,

    /// <summary>Both ways.</summary>
    Both = ToServer | ToClient,
}
