namespace MoMo.Storage.Secrets;

/// <summary>A secret can't be read, or the keys are not usable. The message says which, and never holds a secret or a key.</summary>
public sealed class SecretException : Exception
{
    /// <summary>What can't be read, and what to do.</summary>
    public SecretException(string message, Exception? inner = null) : base(message, inner) { }
}
