using System.Text.Json.Serialization.Metadata;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Answers of endpoints that manage things: the thing with its ETag, or a problem.</summary>
internal static class Answers
{
    /// <summary>A wire record as JSON.</summary>
    public static IResult Json<T>(T view, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(view, (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!, statusCode: status);

    /// <summary>The thing; or nothing, if the caller knows this version already.</summary>
    public static IResult Found<T>(HttpContext http, T view, long version)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ETag = ETags.Of(version);
        return ETags.IsKnown(http.Request, version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Json(view);
    }

    /// <summary>A thing that also has a part that moves without its version: it is always shown.</summary>
    public static IResult Live<T>(HttpContext http, T view, long version)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ETag = ETags.Of(version);
        return Json(view);
    }

    /// <summary>The thing that was created, and where it is from now on.</summary>
    public static IResult Created<TRow, TView>(
        HttpContext http, Outcome<TRow> outcome, Func<TRow, TView> view, Func<TRow, long> version, Func<TRow, string> path) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Match(
            row =>
            {
                http.Response.Headers.Location = path(row);
                http.Response.Headers.ETag = ETags.Of(version(row));
                return Json(view(row), StatusCodes.Status201Created);
            },
            refusal => Problems.Of(refusal));
    }

    /// <summary>The thing as it is after a change.</summary>
    public static IResult Changed<TRow, TView>(HttpContext http, Outcome<TRow> outcome, Func<TRow, TView> view, Func<TRow, long> version)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Match(
            row =>
            {
                http.Response.Headers.ETag = ETags.Of(version(row));
                return Json(view(row));
            },
            refusal => Problems.Of(refusal));
    }

    /// <summary>Nothing is left.</summary>
    public static IResult Deleted<TRow>(Outcome<TRow> outcome) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Match<IResult>(_ => TypedResults.NoContent(), refusal => Problems.Of(refusal));
    }
}
