using System.Buffers.Text;
using System.ComponentModel;
using System.Text;
using MoMo.Client.Wire;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Which page of a list.</summary>
internal sealed class PageRequest
{
    private const int LimitDefault = 50;
    private const int LimitMax = 500;

    /// <summary>Items at most.</summary>
    [Description("Items at most: 1 to 500; 50 by default.")]
    public int? Limit { get; init; }

    /// <summary>Where the last page ended.</summary>
    [Description("The \"next\" of the page before; opaque.")]
    public string? After { get; init; }

    /// <summary>What to ask the store: one row more than wanted tells whether there is a next page.</summary>
    /// <returns>The query, or <c>query-malformed</c>.</returns>
    public Outcome<PageQuery> Query(string? name = null)
    {
        List<FieldFault> faults = [];
        if (Limit is < 1 or > LimitMax) faults.Add(new FieldFault("limit", "query-malformed", $"limit is from 1 to {LimitMax}."));
        if (Key(After) is not { } after) faults.Add(new FieldFault("after", "query-malformed", "after is the \"next\" of the page before, unchanged."));
        else if (faults.Count == 0) return new PageQuery(after, (Limit ?? LimitDefault) + 1, name);
        return new Refusal("query-malformed", "The page that was asked for can't be found.", faults);
    }

    /// <summary>Answers a page, with a link to the next.</summary>
    public IResult Answer<TRow, TView>(
        HttpContext http, IReadOnlyList<TRow> rows, Func<TRow, string> key, Func<TRow, TView> view, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(rows);
        var limit = Limit ?? LimitDefault;
        var next = rows.Count > limit ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key(rows[limit - 1]))) : null;
        if (next is not null)
        {
            var filter = name is null ? "" : $"&name={Uri.EscapeDataString(name)}";
            http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path.ToUriComponent()}?limit={limit}{filter}&after={next}>; rel=\"next\"";
        }

        return Answers.Json(new Page<TView> { Items = [.. rows.Take(limit).Select(view)], Next = next });
    }

    private static string? Key(string? after)
    {
        if (string.IsNullOrEmpty(after)) return "";
        if (after.Length > 1_000 || !Base64Url.IsValid(after)) return null;
        var key = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after));
        return key.Any(char.IsControl) ? null : key;
    }
}
