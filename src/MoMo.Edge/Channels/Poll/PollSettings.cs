using System.Globalization;
using System.Text.Json;
using MoMo.Domain;
using MoMo.Domain.Channels;
using MoMo.Edge.Formats;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Poll;

/// <summary>A web API that is asked, by stretches of time or by a cursor.</summary>
/// <param name="Rules">What all channels have in common.</param>
/// <param name="Url">
/// <c>url</c>. It or the body holds <c>{from}</c> and <c>{to}</c>, or <c>{cursor}</c>; and <c>{offset}</c> where pages are told by the rows before them.
/// </param>
/// <param name="Body"><c>body</c>: what is posted; without it the API is asked by GET.</param>
/// <param name="Times">The stretches.</param>
/// <param name="Pages">How answers follow each other.</param>
/// <param name="Access">How the API lets the hub in.</param>
/// <param name="Accept"><c>accept</c>: <c>application/json</c> by default.</param>
/// <param name="Extension"><c>extension</c>: what the kept answers' names end in; <c>.json</c> by default.</param>
internal sealed record PollSettings(
    ChannelRules Rules, string Url, PollBody? Body, PollTimes Times, PollPages Pages, PollAccess Access, string Accept, string Extension)
{
    /// <summary>Whether it is asked by stretches of time.</summary>
    public bool IsWindowed => Has("{from}");

    /// <summary>Whether a page is told by the number of rows before it.</summary>
    public bool HasOffset => Has("{offset}");

    /// <summary>Whether a page is told by a cursor.</summary>
    public bool HasCursor => Has("{cursor}");

    /// <param name="settings">A JSON object.</param>
    /// <param name="requireHttps">Whether plain HTTP is refused.</param>
    public static Outcome<PollSettings> Parse(JsonElement settings, bool requireHttps = false)
    {
        var reader = new SettingsReader(settings);
        var read = new PollSettings(
            RulesReader.Read(reader),
            reader.Text("url") ?? "",
            PollBody.Read(reader),
            PollTimes.Read(reader),
            PollPages.Read(reader),
            PollAccess.Read(reader, requireHttps),
            reader.Text("accept") ?? "application/json",
            reader.Text("extension") ?? ".json");
        read.Check(reader, requireHttps);
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    /// <summary>A question about a stretch of time, or what follows a cursor; from a row of its answer on.</summary>
    public PollQuestion Fill(DateTimeOffset from, DateTimeOffset to, string? cursor, int offset = 0)
    {
        var (begin, end) = Times.Show(from, to);
        string Put(string text, Func<string, string> escape) => text
            .Replace("{from}", escape(begin), StringComparison.Ordinal)
            .Replace("{to}", escape(end), StringComparison.Ordinal)
            .Replace("{offset}", offset.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            // Last: what a server wrote is never a placeholder.
            .Replace("{cursor}", escape(cursor ?? ""), StringComparison.Ordinal);
        return new PollQuestion(new Uri(Put(Url, Uri.EscapeDataString)), Body?.Fill(text => Put(text, plain => plain)));
    }

    /// <summary>Which secrets go where. What a token is had with goes to the API as well, as that token.</summary>
    public IReadOnlyList<SentCredential> Sends()
    {
        string[] settings = Access.Auth == PollAccess.OAuth ? ["url", "token_url"] : ["url"];
        return
        [
            .. from setting in settings
            let server = SentCredential.ServerOf(setting == "url" ? Fill(default, default, null).Url.AbsoluteUri : Access.TokenUrl)
            where server is not null
            from name in Access.Secrets
            select new SentCredential(name, setting, server),
        ];
    }

    private bool Has(string place) => Url.Contains(place, StringComparison.Ordinal) || Body?.Has(place) == true;

    private string PutEverywhere(string text) => ((string[])["{from}", "{to}", "{cursor}", "{offset}"])
        .Aggregate(Url, (filled, place) => filled.Replace(place, text, StringComparison.Ordinal));

    private void Check(SettingsReader reader, bool requireHttps)
    {
        var filled = PutEverywhere("1");
        if (Url.Length == 0) reader.Fault("url", "setting-missing", "Give the URL to ask.");
        else if (DestinationUrl.Check(filled, requireHttps).Refused is { } fault) reader.Fault("url", fault.Code, fault.Detail);
        // Else an answer would choose the server, and with it who gets the secret.
        else if (SentCredential.ServerOf(filled) != SentCredential.ServerOf(PutEverywhere("2")))
            reader.Fault("url", "setting-malformed", "Placeholders stand in the path or the query, not in the host or the port.");
        else if (!IsWindowed && !HasCursor) reader.Fault("url", "setting-malformed", "The URL or the body holds {from} and {to}, or {cursor}.");
        else if (IsWindowed && !Has("{to}")) reader.Fault("url", "setting-malformed", "Where there is {from}, there is {to}, too.");
        else if (!IsWindowed && Pages.Next is null) reader.Fault("next", "setting-missing", "Say where an answer names the next cursor.");
        if (HasOffset && Pages.Items is null) reader.Fault("items", "setting-missing", "Say where an answer has its rows: they are counted for {offset}.");
        if (!HasOffset && Pages.Items is not null) reader.Fault("items", "setting-contradictory", "Rows are counted for {offset}, which neither the URL nor the body holds.");
        if (HasOffset && Pages.Next is not null) reader.Fault("next", "setting-contradictory", "Give {offset} and items, or next: pages follow each other in one way.");
        if (HasOffset && !IsWindowed) reader.Fault("url", "setting-contradictory", "{offset} goes with {from} and {to}: a cursor tells its page by itself.");
        if (Accept.Any(char.IsControl)) reader.Fault("accept", "setting-malformed", "Give a media type.");
        if (Extension.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '.')) reader.Fault("extension", "setting-malformed", "Give an ending such as .csv.");
    }
}
