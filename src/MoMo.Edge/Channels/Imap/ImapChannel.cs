using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Imap;

/// <summary>Mails of a mailbox: each is an item, its attachments are the files.</summary>
internal sealed partial class ImapChannel(ImapClient client, ImapSettings settings, TimeProvider clock) : IChannel
{
    /// <summary>Bytes of one mail at most: it is taken apart in memory.</summary>
    public const int MailMax = 64 * 1024 * 1024;

    private const int AtOnce = 500;
    private const string Keyword = "MoMo";
    private readonly HashSet<string> made = [];

    public ChannelRules Rules => settings.Rules;

    public string? Position => null;

    public async Task<IReadOnlyList<ChannelItem>> ListAsync(int max, CancellationToken cancellation)
    {
        var selected = await DoAsync($"SELECT {ImapClient.Quote(settings.Mailbox)}", cancellation);
        var validity = selected.Select(line => Validity().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value
            ?? throw new ChannelException("The mailbox does not number its mails (UIDVALIDITY).");
        var search = settings.After == "mark" ? $"UID SEARCH UNKEYWORD {Keyword} NOT DELETED" : "UID SEARCH NOT DELETED";
        var uids = (await DoAsync(search, cancellation)).Where(line => line.StartsWith("* SEARCH", StringComparison.OrdinalIgnoreCase))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2))
            .Select(uid => uint.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(uid => uid > 0).Order().Take(max);
        List<ChannelItem> items = [];
        foreach (var some in uids.Chunk(AtOnce))
        {
            foreach (var line in await DoAsync($"UID FETCH {string.Join(',', some)} (UID RFC822.SIZE INTERNALDATE)", cancellation))
            {
                if (Uid().Match(line) is not { Success: true } uid || Size().Match(line) is not { Success: true } size) continue;
                DateTimeOffset? date = Date().Match(line) is { Success: true } at
                    && DateTimeOffset.TryParseExact(at.Groups[1].Value.Trim(), ["d-MMM-yyyy HH:mm:ss zzz"], CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var parsed)
                    ? parsed : null;
                items.Add(new ChannelItem($"mail {uid.Groups[1].Value}", $"{validity}:{uid.Groups[1].Value}", long.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture), date, IsWhole: true));
            }
        }

        return items;
    }

    public async IAsyncEnumerable<ChannelFile> ReadAsync(ChannelItem item, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var max = (int)Math.Min(MailMax, Rules.SizeMax);
        if (item.Size > max) throw new ChannelItemException($"The mail is larger than {max / (1024 * 1024)} MiB.", isFinal: true);
        // A stranger's mail is not worth fetching.
        if (settings.From.Count > 0)
        {
            var most = MailHeaders.BytesMax;
            var command = string.Create(CultureInfo.InvariantCulture, $"UID FETCH {UidOf(item)} (BODY.PEEK[HEADER]<0.{most}>)");
            ReadOnlyMemory<byte> head = await FetchAsync(command, most, cancellation) ?? throw new ChannelItemException("The mail is gone.", isFinal: false);
            CheckSender(MailHeaders.Read(ref head, ref most).Sender);
        }

        var bytes = await FetchAsync($"UID FETCH {UidOf(item)} (BODY.PEEK[])", max, cancellation)
            ?? throw new ChannelItemException("The mail is gone.", isFinal: false);
        var mail = MimePart.Parse(bytes);
        // Bounces carry the mail that came back, with attachments that are not for us.
        if (mail.IsBounce) throw new ChannelItemException($"The mail \"{mail.Subject}\" is a report of a delivery, not a statement.", isFinal: true);
        if (settings.From.Count > 0) CheckSender(mail.Sender);
        var files = Attachments.Of(mail).Where(file => FileSystemName.MatchesSimpleExpression(settings.Pattern, file.Name, ignoreCase: true)).ToList();
        if (files.Count == 0) throw new ChannelItemException($"The mail \"{mail.Subject}\" from {mail.Sender ?? "nobody"} has no attachment named {settings.Pattern}.", isFinal: true);
        foreach (var file in files) yield return new ChannelFile(file.Name, Stream(file.Part.Decode()));
    }

    public async Task SettleAsync(ChannelItem item, string? problem, CancellationToken cancellation)
    {
        try
        {
            var uid = UidOf(item);
            if (settings.After == "mark")
            {
                await DoAsync($"UID STORE {uid} +FLAGS.SILENT ({Keyword}{(problem is null ? " \\Seen" : " \\Flagged")})", cancellation);
                return;
            }

            var target = problem is null ? settings.Done : settings.Failed;
            await MakeAsync(target, cancellation);
            if (problem is not null) await client.AppendAsync(target, Reason(item, problem), cancellation);
            if (client.Can("MOVE"))
            {
                await client.DoAsync($"UID MOVE {uid} {ImapClient.Quote(target)}", cancellation);
                return;
            }

            await client.DoAsync($"UID COPY {uid} {ImapClient.Quote(target)}", cancellation);
            await client.DoAsync($"UID STORE {uid} +FLAGS.SILENT (\\Deleted)", cancellation);
            if (client.Can("UIDPLUS")) await client.DoAsync($"UID EXPUNGE {uid}", cancellation);
        }
        catch (ImapRefusedException e)
        {
            throw new ChannelItemException(e.Message, isFinal: false, e);
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>Mails of strangers are not read.</summary>
    private void CheckSender(string? sender)
    {
        if (sender is null || !settings.From.Any(from => from[0] == '@'
            ? sender.EndsWith(from, StringComparison.OrdinalIgnoreCase) : sender.Equals(from, StringComparison.OrdinalIgnoreCase)))
            throw new ChannelItemException($"The mail is from {sender ?? "nobody, or several at once"}, whose mails are not taken.", isFinal: true);
    }

    private byte[] Reason(ChannelItem item, string problem) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        From: MoMo <momo@localhost>
        Subject: {item.Name} was set aside
        Date: {clock.GetUtcNow():r}
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        {problem}

        """).ReplaceLineEndings("\r\n"));

    private async Task MakeAsync(string mailbox, CancellationToken cancellation)
    {
        if (!made.Add(mailbox)) return;
        try
        {
            await client.DoAsync($"CREATE {ImapClient.Quote(mailbox)}", cancellation);
        }
        catch (ImapRefusedException)
        {
            // It is there already; if it is not, moving says so.
        }
    }

    private async Task<IReadOnlyList<string>> DoAsync(string command, CancellationToken cancellation)
    {
        try
        {
            return await client.DoAsync(command, cancellation);
        }
        catch (ImapRefusedException e)
        {
            throw new ChannelException(e.Message, e);
        }
    }

    private async Task<byte[]?> FetchAsync(string command, int max, CancellationToken cancellation)
    {
        try
        {
            return await client.FetchAsync(command, max, cancellation);
        }
        catch (ImapRefusedException e)
        {
            throw new ChannelItemException(e.Message, isFinal: false, e);
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part)
        ? new MemoryStream(part.Array!, part.Offset, part.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    private static string UidOf(ChannelItem item) => item.Identity![(item.Identity!.IndexOf(':', StringComparison.Ordinal) + 1)..];

    [GeneratedRegex(@"\[UIDVALIDITY (\d+)\]", RegexOptions.IgnoreCase)]
    private static partial Regex Validity();

    [GeneratedRegex(@"\bUID (\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Uid();

    [GeneratedRegex(@"\bRFC822\.SIZE (\d{1,12})", RegexOptions.IgnoreCase)]
    private static partial Regex Size();

    [GeneratedRegex("INTERNALDATE \"([^\"]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Date();
}
