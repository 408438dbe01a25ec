using System.Text;

namespace MoMo.Tests.Cli;

/// <summary>A terminal at which somebody typed something, and then nothing: it hears nobody who would end the wait.</summary>
internal sealed class UnendingStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    private readonly TaskCompletionSource<int> never = new();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await base.ReadAsync(buffer, CancellationToken.None);
        return length > 0 ? length : await never.Task;
    }
}
