namespace MoMo.Edge.Channels.Imap;

/// <summary>The server said no to a command.</summary>
/// <param name="verb">Such as <c>SELECT</c>.</param>
/// <param name="status">What it said.</param>
internal sealed class ImapRefusedException(string verb, string status) : IOException($"The server refuses {verb}: {(status.Length > 200 ? status[..200] : status)}");
