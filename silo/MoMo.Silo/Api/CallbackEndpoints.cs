using System.Globalization;
using System.Net.Mime;
using System.Text;
using MoMo.Domain.Callbacks;

namespace MoMo.Silo.Api;

/// <summary>
/// Where PSPs call. The address is neutral, because some refuse URLs that carry their name; its secret part tells the sender as far as a PSP that
/// signs nothing can be told.
/// </summary>
internal static class CallbackEndpoints
{
    private const string PostAndPut = "POST, PUT";
    private const string Root = "/v1/callbacks";

    /// <summary>The address as it was first given to PSPs, who can't be asked to change it.</summary>
    private const string FirstRoot = "/callbacks";

    private static readonly string[] Methods = [HttpMethods.Post, HttpMethods.Put, HttpMethods.Get];

    extension(IEndpointRouteBuilder routes)
    {
        public void MapCallbacks()
        {
            var described = routes.MapGroup(Root + "/{adapter}/{secret}").WithTags("Callbacks").AllowAnonymous();
            described.MapPost("/{kind}", Receive).WithSummary("A PSP tells or asks something.")
                .WithDescription(
                    "The address is the adapter's callback_path, with or without something behind it that the format knows (M-Pesa's validation and "
                    + "confirmation). POST and PUT are taken, GET only where the PSP calls by it (Pesapal): else it is answered 405, and nothing is kept. "
                    + "Answers are in the PSP's own words; 404 to strangers, whatever was wrong.")
                .Produces(200).Refuses(404, 405, 413, 503);
            described.MapMethods("/{kind}", Methods[1..], Receive).ExcludeFromDescription();
            described.MapMethods("/", Methods, ReceiveAlone).ExcludeFromDescription();

            var first = routes.MapGroup(FirstRoot + "/{adapter}/{secret}").AllowAnonymous().ExcludeFromDescription();
            first.MapMethods("/{kind}", Methods, Receive);
            first.MapMethods("/", Methods, ReceiveAlone);
        }
    }

    /// <summary>Whether PSPs call it: there a GET may tell of money.</summary>
    public static bool Has(PathString path) => path.StartsWithSegments(Root) || path.StartsWithSegments(FirstRoot);

    private static Task<IResult> ReceiveAlone(string adapter, string secret, HttpContext http, CallbackIntake intake, TimeProvider clock) =>
        Receive(adapter, secret, "", http, intake, clock);

    private static async Task<IResult> Receive(string adapter, string secret, string kind, HttpContext http, CallbackIntake intake, TimeProvider clock)
    {
        if (await intake.AdmitAsync(adapter, secret, http.Connection.RemoteIpAddress, http.RequestAborted) is not { } admitted)
            return NotThere.Of("callback", adapter);
        var isGet = HttpMethods.IsGet(http.Request.Method);
        if (isGet && !admitted.Format.CallsByGet)
        {
            if (admitted.IsFromElsewhere) return NotThere.Of("callback", adapter);
            http.Response.Headers.Allow = PostAndPut;
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        }

        byte[] bytes;
        try
        {
            // A GET says it all in its query: that is what is kept and read.
            bytes = isGet
                ? Encoding.UTF8.GetBytes(http.Request.QueryString.Value is ['?', .. var query] ? query : "")
                : await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        }
        catch (BadHttpRequestException) when (admitted.IsFromElsewhere)
        {
            return NotThere.Of("callback", adapter);
        }

        var headers = http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var message = new CallbackMessage(http.Request.Method, kind.ToLowerInvariant(), headers, bytes, clock.GetUtcNow());
        var envelope = Envelope.Of(http, message.ReceivedAt, admitted.Source.Secrets, admitted.Closed.Count == 0);
        if (admitted.IsFromElsewhere)
        {
            await intake.KeepFromElsewhereAsync(admitted, message, envelope, http.Connection.RemoteIpAddress);
            return NotThere.Of("callback", adapter);
        }

        var answer = await intake.TakeAsync(admitted, message, envelope, http.RequestAborted);
        if (answer.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return answer.Body is null
            ? Results.StatusCode(answer.Status)
            : Results.Text(answer.Body, answer.MediaType ?? MediaTypeNames.Text.Plain, Encoding.UTF8, answer.Status);
    }
}
