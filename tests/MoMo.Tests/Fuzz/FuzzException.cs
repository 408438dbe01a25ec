namespace MoMo.Tests.Fuzz;

/// <summary>A reader has a defect.</summary>
internal sealed class FuzzException : Exception
{
    public FuzzException(string message) : base(message) { }

    public FuzzException(string message, Exception inner) : base(message, inner) { }
}
