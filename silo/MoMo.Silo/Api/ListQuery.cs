using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MoMo.Client.Wire;
using MoMo.Domain.Accounts;
using MoMo.Engine;
using MoMo.Silo.Identity;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>What a list was asked for; gathers all faults of the query before anything is read.</summary>
/// <param name="http">The request.</param>
/// <param name="body">Where it was asked in a body: what is wrong with it already.</param>
internal sealed class ListQuery(HttpContext http, Checks? body = null)
{
    private const int LimitDefault = 50;
    private const int LimitMax = 500;
    private const int KeyMax = 1_000;

    private static readonly FieldFault Lost = new("after", "malformed", "after is the 'next' of the page before.");

    private readonly List<FieldFault> faults = [.. body?.Faults ?? []];
    private Refusal? unknown;
    private Refusal? empty;
    private string? afterKey;

    /// <summary>Items on one page.</summary>
    public int Count { get; private set; } = LimitDefault;

    /// <summary>The last item of the page before.</summary>
    public Guid? AfterId { get; private set; }

    /// <summary>Why the query can't be answered; null when it can.</summary>
    public Refusal? Refused =>
        unknown ?? (faults.Count == 0 ? empty : body is null ? new Refusal("query-malformed", "The query can't be used.", faults) : Checks.Of(faults));

    public ListQuery Limit(int? limit)
    {
        if (limit is < 1 or > LimitMax) faults.Add(new FieldFault("limit", "range", $"limit is from 1 to {LimitMax}."));
        else Count = limit ?? LimitDefault;
        return this;
    }

    public ListQuery After(string? after)
    {
        if (after is null) return this;
        if (Guid.TryParse(after, out var id)) AfterId = id;
        else faults.Add(Lost);
        return this;
    }

    /// <summary>
    /// Refuses a page that is empty because <c>after</c> leads nowhere in this list, such as that of another account's: who reads all pages would take it for the
    /// end.
    /// </summary>
    /// <param name="count">Items on the page.</param>
    /// <param name="isThere">Whether the list has the item that <c>after</c> names.</param>
    public async Task<Refusal?> LostAsync(int? count, Func<Guid, Task<bool>> isThere)
    {
        ArgumentNullException.ThrowIfNull(isThere);
        if (count != 0 || AfterId is not { } last || await isThere(last)) return null;
        faults.Add(Lost);
        return Refused;
    }

    /// <summary>For lists that go by a text: what it is stays hidden in <c>next</c>, and travels in an address as it is.</summary>
    public ListQuery AfterKey(string? after)
    {
        afterKey = "";
        if (string.IsNullOrEmpty(after)) return this;
        if (after.Length <= KeyMax && Base64Url.IsValid(after)) afterKey = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after));
        if (afterKey.Length == 0 || afterKey.Any(char.IsControl)) faults.Add(Lost);
        return this;
    }

    /// <summary>What to ask a store after <see cref="AfterKey"/>: one row more than wanted tells whether there is a next page.</summary>
    /// <param name="name">Only those of this name; null for all.</param>
    public PageQuery Rows(string? name = null) => new(afterKey ?? "", Count + 1, name);

    public ListQuery Time(string field, string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return this;
        time = Rfc3339.Read(text);
        if (time is null) faults.Add(new FieldFault(field, "malformed", $"{field} is RFC 3339 with an offset, such as {Rfc3339.Sample}; a + is written %2B."));
        return this;
    }

    /// <summary>Refuses a stretch of time that ends before it begins: nothing could be in it, which is not what was asked for.</summary>
    public ListQuery InOrder(string first, DateTimeOffset? from, string last, DateTimeOffset? to)
    {
        if (from > to) empty = Refusal.Of(first, "range", $"{first} is after {last}, so that nothing can be in between.");
        return this;
    }

    /// <summary>Numbers of the account that is asked for.</summary>
    public ListQuery Numbers(long? first, long? last, string? account, out NumberRange numbers)
    {
        numbers = new NumberRange(first, last);
        if (first is < 1) faults.Add(new FieldFault("sequence_from", "range", "sequence_from is a number of the account: 1 or above."));
        if (last is < 1) faults.Add(new FieldFault("sequence_to", "range", "sequence_to is a number of the account: 1 or above."));
        if (first > last) empty = Refusal.Of("sequence_from", "range", "sequence_from is above sequence_to, so that nothing can be in between.");
        return Require(!numbers.IsBounded || account is not null, "account_id", "Each account has numbers of its own: name the account, too.");
    }

    public ListQuery OneOf(string field, string? text, params string[] values)
    {
        if (text is not null && !values.Contains(text)) faults.Add(new FieldFault(field, "unknown", $"{field} is {string.Join(" or ", values)}."));
        return this;
    }

    /// <summary>Refuses a field that can't be used as the others are.</summary>
    public ListQuery Require(bool met, string field, string detail)
    {
        if (!met) faults.Add(new FieldFault(field, "required", detail));
        return this;
    }

    /// <summary>The account asked for; an account's key sees its own and no other.</summary>
    public ListQuery Account(string? asked, out string? account)
    {
        account = asked is null ? null : Domain.Accounts.Account.Canonical(asked);
        if (http.User.AccountScope is not { } scopes) return this;
        if (account is null && scopes.Count == 1) account = scopes.First();
        else if (account is null) faults.Add(new FieldFault("account_id", "required", "This key sees several accounts: name one."));
        else if (!scopes.Contains(account))
        {
            AccessAnswers.TellForeign(http, "account", account);
            unknown = Unknown.Account(account); // 404: to this key there is no such thing
        }

        return this;
    }

    /// <summary>A page out of one row more than was asked for, with a link to the next; as CSV for who asks for it.</summary>
    public IResult Page<TRow, TView>(IReadOnlyList<TRow> found, Func<TRow, string> key, Func<TRow, TView> view)
    {
        ArgumentNullException.ThrowIfNull(found);
        var next = found.Count > Count ? key(found[Count - 1]) : null;
        if (next is not null && afterKey is not null) next = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next));
        if (next is not null)
        {
            var query = QueryHelpers.ParseQuery(http.Request.QueryString.Value);
            query["after"] = next;
            http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path.ToUriComponent()}{QueryString.Create(query)}>; rel=\"next\"";
        }

        return Of([.. found.Take(Count).Select(view)], next);
    }

    /// <summary>A list that has one page.</summary>
    public IResult Whole<TRow, TView>(IReadOnlyList<TRow> all, Func<TRow, TView> view) => Of([.. all.Select(view)], null);

    private IResult Of<TView>(TView[] items, string? next)
    {
        http.Response.Headers.Vary = HeaderNames.Accept;
        return CsvPage.IsWanted(http.Request) ? CsvPage.Of(items) : Answers.Json(new Page<TView> { Items = items, Next = next });
    }
}
