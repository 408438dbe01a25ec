namespace MoMo.Silo.Api;

/// <summary>A form can't be read; the message says why to whoever sent it.</summary>
/// <param name="message">Half a sentence for the caller.</param>
internal sealed class FormException(string message) : Exception(message);
