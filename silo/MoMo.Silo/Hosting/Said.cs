namespace MoMo.Silo.Hosting;

/// <summary>Tells whoever started the silo what its start waits for.</summary>
internal sealed class Said : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine(value);
}
