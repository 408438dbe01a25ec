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
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            new($"no secure connection to {url}: {e.GetBaseException().Message}", "Check --url (or MOMO_URL): a hub that has no certificate is at http://."),
        HttpRequestException e => Lost(url, e),
        // Amid an answer: no file of ours has to do with it.
        IOException e when e is HttpIOException || RootOf<SocketException>(e) is not null => Lost(url, e),
        TaskCanceledException { InnerException: TimeoutException } =>
            new($"{url} did not answer in time", "Look at momo status, and try again: nothing counts twice."),
        IOException or UnauthorizedAccessException => new(failure.Message, "Check the file, its folder and who may use it."),
        // What the parser lets through and no id, number or path can be.
        ArgumentException e and not ArgumentNullException => new(WhatIsWrong(e), "Correct the command line; --help has examples.", ExitCode.Misused),
        _ => null,
    };

    private static Complaint Lost(Uri url, Exception failure) =>
        new($"the connection to {url} failed: {failure.GetBaseException().Message}", "Try again: payments and files may be repeated, none counts twice.");

    /// <summary>Without the name of a parameter, which people do not know.</summary>
    private static string WhatIsWrong(ArgumentException failure)
    {
        var end = failure.ParamName is { } name ? failure.Message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal) : -1;
        return end < 0 ? failure.Message : failure.Message[..end];
    }

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
        _ when IsNoHub(refusal) => "That is no hub, or a wrong path: check --url (or MOMO_URL).",
        _ when refusal.Code == "file-refused" => "Ask for the file again, or correct the adapter's settings and send it again: momo files list has it.",
        HttpStatusCode.Unauthorized => "Give a key: --key, MOMO_KEY, or --data with the hub's data folder, where admin.key is.",
        HttpStatusCode.Forbidden => "Use a key with the scope for this: momo keys list shows them.",
        HttpStatusCode.NotFound => "Check the id: the verb's list shows what there is.",
        HttpStatusCode.Conflict when refusal.Code == "reference-in-use" => "Archive it: momo references set ACCOUNT ID --archived true.",
        HttpStatusCode.Conflict => "Look at what is there already before you send this again.",
        HttpStatusCode.PreconditionFailed when refusal.Code == "change-unsure" => "Look at it first: it may be as you want it already.",
        HttpStatusCode.PreconditionFailed => "Somebody changed it meanwhile: look at it and run this again.",
        HttpStatusCode.RequestEntityTooLarge => "Send it in smaller parts.",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "Wait a little and run this again: nothing counts twice.",
        >= HttpStatusCode.InternalServerError => "The hub's log says more.",
        _ => "Correct it and run this again; --help has examples.",
    };

    /// <summary>A hub has a word for each of its refusals, and knows every path of the command line.</summary>
    private static bool IsNoHub(MoMoException refusal) => refusal.Code is "route-unknown" or "answer-unreadable"
        || (refusal.Code is null && refusal.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);

    private static T? RootOf<T>(Exception? failure) where T : Exception =>
        failure is null or T ? failure as T : RootOf<T>(failure.InnerException);
}
