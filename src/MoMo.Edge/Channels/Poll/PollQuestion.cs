namespace MoMo.Edge.Channels.Poll;

/// <summary>What an API is asked.</summary>
/// <param name="Url">The address.</param>
/// <param name="Body">JSON that is posted; null for a GET.</param>
internal sealed record PollQuestion(Uri Url, string? Body);
