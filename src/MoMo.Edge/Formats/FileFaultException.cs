namespace MoMo.Edge.Formats;

/// <summary>The file cannot be read any further. Never leaves a format: it becomes the file's last entry.</summary>
internal sealed class FileFaultException(string code, string detail) : Exception(detail)
{
    public string Code { get; } = code;
}
