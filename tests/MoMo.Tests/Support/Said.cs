namespace MoMo.Tests.Support;

/// <summary>Collects progress at once, on the thread that reports it; the framework's own comes later and elsewhere.</summary>
internal sealed class Said(List<string> sentences) : IProgress<string>
{
    public void Report(string value) => sentences.Add(value);
}
