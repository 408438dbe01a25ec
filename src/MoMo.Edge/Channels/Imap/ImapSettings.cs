using System.Text.Json;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Folder;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Channels.Imap;

/// <summary>A mailbox whose mails carry files.</summary>
/// <param name="Rules">What all channels have in common.</param>
/// <param name="Server">Where it is.</param>
/// <param name="Tls"><c>tls</c>: <c>implicit</c> (default, port 993), <c>starttls</c> or <c>none</c> (port 143).</param>
/// <param name="Pin"><c>tls_pin</c>.</param>
/// <param name="Mailbox"><c>mailbox</c>: <c>INBOX</c> by default.</param>
/// <param name="Pattern"><c>pattern</c>: names of the attachments that are taken; <c>*</c> by default.</param>
/// <param name="From"><c>from</c>: addresses, or domains such as <c>@bank.example</c>, whose mails are taken; everybody's by default. A sender's address can be forged.</param>
/// <param name="After"><c>after</c>: <c>move</c> (default) into the mailboxes <c>done</c> and <c>failed</c>, or <c>mark</c> with the keyword MoMo.</param>
/// <param name="Done"><c>done</c>: <c>MoMo-done</c> by default.</param>
/// <param name="Failed"><c>failed</c>: <c>MoMo-failed</c> by default.</param>
internal sealed record ImapSettings(
    ChannelRules Rules, ServerSettings Server, string Tls, string? Pin, string Mailbox, string Pattern,
    IReadOnlyList<string> From, string After, string Done, string Failed)
{
    private const int FromMax = 100;

    public static Outcome<ImapSettings> Parse(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var tls = FolderSettings.Word(reader, "tls", "implicit", "starttls", "none");
        var read = new ImapSettings(
            RulesReader.Read(reader), ServerSettings.Read(reader, tls == "implicit" ? 993 : 143), tls, ServerSettings.Pin(reader),
            Name(reader, "mailbox", "INBOX"), reader.Text("pattern") ?? "*", reader.Texts("from", FromMax), FolderSettings.Word(reader, "after", "move", "mark"),
            Name(reader, "done", "MoMo-done"), Name(reader, "failed", "MoMo-failed"));
        reader.Close();
        return reader.Refused is { } refusal ? refusal : read;
    }

    private static string Name(SettingsReader reader, string name, string otherwise)
    {
        var text = reader.Text(name) ?? otherwise;
        if (text.Any(letter => letter is < ' ' or > '~' or '"' or '\\' or '*' or '%' or '&'))
            reader.Fault(name, "setting-malformed", "A mailbox's name has plain ASCII characters.");
        return text;
    }
}
