namespace MoMo.Edge.Channels.Imap;

/// <summary>Which parts of a mail are files: those with a name, also inside mails that were forwarded as a whole.</summary>
internal static class Attachments
{
    private const int NameMax = 200;

    /// <summary>The files of a mail, in its order.</summary>
    public static IEnumerable<(string Name, MimePart Part)> Of(MimePart mail) => mail.Parts.Count > 0
        ? mail.Parts.SelectMany(Of)
        : IsFile(mail) ? [(NameOf(mail.FileName!), mail)] : [];

    /// <summary>Pictures in signatures and signatures themselves have names, too, but are no statements.</summary>
    private static bool IsFile(MimePart part) =>
        !string.IsNullOrWhiteSpace(part.FileName)
        && !part.Type.Word.StartsWith("image/", StringComparison.Ordinal)
        && part.Type.Word is not ("application/pkcs7-signature" or "application/x-pkcs7-signature" or "application/pgp-signature");

    private static string NameOf(string given)
    {
        var name = given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        return name.Length > NameMax ? name[^NameMax..] : name;
    }
}
