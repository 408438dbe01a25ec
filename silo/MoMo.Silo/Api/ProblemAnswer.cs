using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MoMo.Client.Wire;

namespace MoMo.Silo.Api;

/// <summary>Writes a problem. Its header MoMo-Request-Id is the trace id that the log lines of this request carry.</summary>
/// <param name="problem">Why not.</param>
/// <param name="retryAfter">When to ask again; whole seconds are told, rounded up.</param>
internal sealed class ProblemAnswer(ProblemView problem, TimeSpan? retryAfter) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => problem.Status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var answer = httpContext.Response;
        answer.StatusCode = problem.Status;
        answer.ContentType = Problems.MediaType;
        if (retryAfter is { } wait)
            answer.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        answer.Headers["MoMo-Request-Id"] = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        if (problem.Status == StatusCodes.Status401Unauthorized) answer.Headers.WWWAuthenticate = "Bearer";
        await answer.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ProblemView), httpContext.RequestAborted);
    }
}
