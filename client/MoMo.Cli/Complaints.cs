using System.Net;
using System.Net.Sockets;
using MoMo.Client;

namespace MoMo.Cli;

/// <summary>Turns what can go wrong into words for people.</summary>
internal static class Complaints
{
    /// <summary>What to say of a failure that people can do something about; null for a bug of ours.</summary>
    public static Complaint? Of(Exception failure, Uri url) => failure switch
    {
        Complaint complaint => complaint,
        MoMoException refusal => OfRefusal(refusal),
        HttpRequestException e when RootOf<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionRefused } =>
            new($"nothing listens at {url}", "Is the hub running? Start it with ./momo up, or give its address with --url."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new($"there is no host {url.Host}", "Check --url (or MOMO_URL)."),
        HttpRequestException e =>
            new($"the connection to {url} failed: {e.Message}", "Try again: payments and files may be repeated, none counts twice."),
        TaskCanceledException { InnerException: TimeoutException } =>
            new($"{url} did not answer in time", "Look at momo status, and try again: nothing counts twice."),
        IOException or UnauthorizedAccessException => new(failure.Message, "Check the file, its folder and who may use it."),
        _ => null,
    };

    private static Complaint OfRefusal(MoMoException refusal)
    {
        var what = refusal.Message;
        foreach (var (field, faults) in refusal.Problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            // A lone fault is the refusal's own words: its field is what is new.
            what += faults is [var fault] && fault == refusal.Problem.Detail ? $" in {field}" : $"; {field}: {string.Join(' ', faults)}";
        }

        return new(what, NextAfter(refusal));
    }

    private static string NextAfter(MoMoException refusal) => refusal.Status switch
    {
        HttpStatusCode.Unauthorized => "Give a key: --key, MOMO_KEY, or --data with the hub's data folder, where admin.key is.",
        HttpStatusCode.Forbidden => "Use a key with the scope for this: momo keys list shows them.",
        HttpStatusCode.NotFound => "Check the id: the verb's list shows what there is.",
        HttpStatusCode.Conflict when refusal.Code == "reference-in-use" => "Archive it: momo references set ACCOUNT ID --archived true.",
        HttpStatusCode.Conflict => "Look at what is there already before you send this again.",
        HttpStatusCode.PreconditionFailed => "Somebody changed it meanwhile: look at it and run this again.",
        HttpStatusCode.RequestEntityTooLarge => "Send it in smaller parts.",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "Wait a little and run this again: nothing counts twice.",
        >= HttpStatusCode.InternalServerError => "The hub's log says more.",
        _ => "Correct it and run this again; --help has examples.",
    };

    private static T? RootOf<T>(Exception? failure) where T : Exception =>
        failure is null or T ? failure as T : RootOf<T>(failure.InnerException);
}
