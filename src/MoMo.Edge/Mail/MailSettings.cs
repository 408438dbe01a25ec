using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Edge.Formats;
using MoMo.Engine;

namespace MoMo.Edge.Mail;

/// <summary>Settings of an e-mail destination: <c>address</c>, unless its URL is <c>mailto:</c>; and <c>batch</c>, several payments in one message.</summary>
internal sealed record MailSettings(MailAddress To, BatchRule Batch)
{
    /// <summary>Deliveries of one message at most.</summary>
    public const int BatchMost = 200;

    private const string Scheme = "mailto:";
    private static readonly MailAddress Nobody = new("nobody", "invalid");
    private static readonly BatchRule Single = new(1, TimeSpan.Zero);

    public static Outcome<MailSettings> Read(string? url, JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var (text, field) = (reader.Text("address"), "address");
        if (url is not null && text is not null) reader.Fault("address", "address-twice", "Give the address as settings.address or as a mailto: URL, not as both.");
        else if (url is not null) (text, field) = (url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(url[Scheme.Length..]) : "", "url");
        var address = MailAddress.Find(text);
        if (text is null) reader.Fault("address", "address-missing", "Give the address to write to.");
        else if (address is null) reader.Fault(field, "mail-address-malformed", "Give one address, such as ops@acme.example, or mailto: and it as the URL.");
        var batch = BatchSettings.Read(reader, BatchMost, Single);
        reader.Close();
        return reader.Refused is { } refusal ? refusal : new MailSettings(address ?? Nobody, batch);
    }

    /// <summary>Of settings that were found to be well: how deliveries are gathered.</summary>
    public static BatchRule BatchOf(JsonElement settings) => BatchSettings.Read(new SettingsReader(settings), BatchMost, Single);
}
