using System.Text;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>What OpenSSH's program said last, and what a server said through it: however much comes, little is kept.</summary>
internal sealed class SshSpeech
{
    /// <summary>Lines that are kept, the last ones.</summary>
    public const int LinesMax = 200;

    /// <summary>Characters of a line that are kept, the first ones.</summary>
    public const int LineMax = 500;

    /// <summary>Characters of a connection after which it is one that only talks: at its most talkative the program says some thousands.</summary>
    public const int AllMax = 1_000_000;

    private readonly Queue<string> lines = new();
    private readonly StringBuilder line = new();
    private readonly Lock gate = new();
    private long heard;

    /// <summary>Whether more was said than is listened to.</summary>
    public bool IsTooMuch
    {
        get
        {
            lock (gate) return heard > AllMax;
        }
    }

    /// <summary>The last lines, the one that has not ended among them.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate) return line.Length == 0 ? [.. lines] : [.. lines, line.ToString()];
        }
    }

    /// <summary>It goes on.</summary>
    public void Add(ReadOnlySpan<char> piece)
    {
        lock (gate)
        {
            heard += piece.Length;
            while (piece.IndexOf('\n') is >= 0 and var end)
            {
                Keep(piece[..end]);
                if (lines.Count == LinesMax) lines.Dequeue();
                lines.Enqueue(line.ToString().TrimEnd('\r'));
                line.Clear();
                piece = piece[(end + 1)..];
            }

            Keep(piece);
        }
    }

    private void Keep(ReadOnlySpan<char> part) => line.Append(part[..Math.Min(part.Length, LineMax - line.Length)]);
}
