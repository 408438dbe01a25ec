namespace MoMo.Domain.Channels;

/// <summary>What keeps a connection from being used.</summary>
public enum ChannelTrouble
{
    /// <summary>The server can't be reached, broke off, or does not speak as it should.</summary>
    Connection,

    /// <summary>The server is not the one that was meant: it has another key.</summary>
    Identity,

    /// <summary>The server does not let the hub in.</summary>
    Login,

    /// <summary>There are no credentials, or they can't be read.</summary>
    Credentials,

    /// <summary>The machine that the hub runs on lacks something.</summary>
    Machine,
}
