namespace MoMo.Silo.Api;

/// <summary>
/// HEAD asks for what GET would answer, without its body: the request goes on as a GET, and the server, which knows better, sends no body. Before
/// routing. What PSPs call is left out.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        if (HttpMethods.IsHead(request.Method) && !CallbackEndpoints.Has(request.Path)) request.Method = HttpMethods.Get;
        return next(context);
    }
}
