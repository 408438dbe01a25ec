using System.Globalization;
using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;
using MoMo.Edge.Webhooks;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Poll;

/// <summary>A web API that is asked by GET, by stretches of time or by a cursor.</summary>
/// <param name="Rules">What all channels have in common.</param>
/// <param name="Url"><c>url</c>: with <c>{from}</c> and <c>{to}</c>, with <c>{cursor}</c>, or all of them.</param>
/// <param name="TimeForm"><c>time_form</c>: how times are written: <c>iso</c> (default), <c>date</c>, <c>unix</c> or <c>unix-ms</c>.</param>
/// <param name="Window"><c>window_hours</c>: the longest stretch of one question; 1 to 744, 24 by default.</param>
/// <param name="Overlap"><c>overlap_minutes</c>: how far each stretch reaches back into the one before, for what appeared late; 0 to 44,640, 60 by default.</param>
/// <param name="Delay"><c>delay_seconds</c>: how far behind the present stretches end; 0 to 86,400, 0 by default.</param>
/// <param name="Start"><c>start</c>: where the first look begins; a window ago by default.</param>
/// <param name="Next"><c>next</c>: where an answer names the next page, such as <c>paging.next</c>: a cursor, or a URL of the same server.</param>
/// <param name="Auth"><c>auth</c>: <c>none</c> (default), <c>bearer</c> (secret token), <c>basic</c> (<c>user</c>, secret password) or <c>header</c> (<c>header</c>, secret token).</param>
/// <param name="User"><c>user</c>.</param>
/// <param name="Header"><c>header</c>: <c>X-Api-Key</c> by default.</param>
/// <param name="Accept"><c>accept</c>: <c>application/json</c> by default.</param>
/// <param name="Extension"><c>extension</c>: what the kept answers' names end in; <c>.json</c> by default.</param>
/// <param name="Pin"><c>tls_pin</c>.</param>
internal sealed record PollSettings(
    ChannelRules Rules, string Url, string TimeForm, TimeSpan Window, TimeSpan Overlap, TimeSpan Delay, DateTimeOffset? Start, string? Next, string Auth, string User,
    string Header, string Accept, string Extension, string? Pin)
{
    /// <summary>Whether it is asked by stretches of time.</summary>
    public bool IsWindowed => Url.Contains("{from}", StringComparison.Ordinal);

    public static Outcome<PollSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var read = new PollSettings(
            RulesReader.Read(reader),
            reader.Text("url") ?? "",
            FolderSettings.Word(reader, "time_form", "iso", "date", "unix", "unix-ms"),
            TimeSpan.FromHours(reader.Number("window_hours", 1, 744, 24)),
            TimeSpan.FromMinutes(reader.Number("overlap_minutes", 0, 44_640, 60)),
            TimeSpan.FromSeconds(reader.Number("delay_seconds", 0, 86_400, 0)),
            Time(reader, "start"),
            reader.Text("next"),
            FolderSettings.Word(reader, "auth", "none", "bearer", "basic", "header"),
            reader.Text("user") ?? "",
            reader.Text("header") ?? "X-Api-Key",
            reader.Text("accept") ?? "application/json",
            reader.Text("extension") ?? ".json",
            ServerSettings.Pin(reader));
        read.Check(reader);
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    /// <summary>The address of a question.</summary>
    public Uri Fill(DateTimeOffset from, DateTimeOffset to, string? cursor) => new(Text(from, to, cursor));

    private string Text(DateTimeOffset from, DateTimeOffset to, string? cursor) =>
        Url.Replace("{from}", Uri.EscapeDataString(Show(from)), StringComparison.Ordinal)
            .Replace("{to}", Uri.EscapeDataString(Show(to)), StringComparison.Ordinal)
            .Replace("{cursor}", Uri.EscapeDataString(cursor ?? ""), StringComparison.Ordinal);

    private string Show(DateTimeOffset time) => TimeForm switch
    {
        "date" => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "unix" => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "unix-ms" => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        _ => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private void Check(SettingsReader reader)
    {
        if (Url.Length == 0) reader.Fault("url", "setting-missing", "Give the URL to ask.");
        else if (DestinationUrl.Check(Text(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "c")).Refused is { } fault) reader.Fault("url", fault.Code, fault.Detail);
        else if (!IsWindowed && !Url.Contains("{cursor}", StringComparison.Ordinal)) reader.Fault("url", "setting-malformed", "The URL holds {from} and {to}, or {cursor}.");
        else if (IsWindowed && !Url.Contains("{to}", StringComparison.Ordinal)) reader.Fault("url", "setting-malformed", "A URL with {from} holds {to}, too.");
        else if (!IsWindowed && Next is null) reader.Fault("next", "setting-missing", "Say where an answer names the next cursor.");
        if (Auth == "basic" && User.Length == 0) reader.Fault("user", "setting-missing", "Give the user.");
        if (Header.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not '-' and not '_')) reader.Fault("header", "setting-malformed", "Give the name of a header.");
        if (Accept.Any(char.IsControl)) reader.Fault("accept", "setting-malformed", "Give a media type.");
        if (Extension.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '.')) reader.Fault("extension", "setting-malformed", "Give an ending such as .csv.");
    }

    private static DateTimeOffset? Time(SettingsReader reader, string name)
    {
        if (reader.Text(name) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        reader.Fault(name, "setting-malformed", "Give a time, RFC 3339.");
        return null;
    }
}
