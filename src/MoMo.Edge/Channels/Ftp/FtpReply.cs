namespace MoMo.Edge.Channels.Ftp;

/// <summary>What a server answers to a command.</summary>
/// <param name="Code">Three digits; the first says how it went: 1 and 2 well, 3 goes on, 4 not now, 5 no.</param>
/// <param name="Text">For people.</param>
internal sealed record FtpReply(int Code, string Text)
{
    public bool IsDone => Code is >= 200 and < 300;

    public bool IsBegun => Code is >= 100 and < 200;

    public bool GoesOn => Code is >= 300 and < 400;
}
