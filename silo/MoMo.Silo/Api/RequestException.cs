namespace MoMo.Silo.Api;

/// <summary>A request can't be taken as it is; the message says why to whoever sent it.</summary>
/// <param name="message">A sentence for the caller.</param>
/// <param name="status">The status of the answer.</param>
/// <param name="cause">What was met; nobody is told of it.</param>
internal sealed class RequestException(string message, int status, Exception? cause = null) : BadHttpRequestException(message, status, cause!);
