using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Xml;
using MoMo.Domain.Files;

namespace MoMo.Edge.Formats.Camt;

/// <summary>Walks a camt file, one entry in memory at a time.</summary>
internal sealed class CamtReader(XmlReader xml, GuardedStream guard, CamtMessage message, CancellationToken cancellation)
{
    private const int NodeBytesMax = 1 << 20;
    private const int DepthMax = 64;
    private const int EntryNodesMax = 500_000;
    private const int EntryLettersMax = 8 << 20;

    // What an entry, balance or account is read for. All else is passed over unread: addresses, agents, charges, card data…
    private static readonly FrozenSet<string> Wanted = """
        Acct Id IBAN BBAN UPIC PrtryAcct Othr
        Bal Tp CdOrPrtry Cd Prtry Amt CdtDbtInd
        Ntry NtryRef RvslInd Sts BookgDt ValDt Dt DtTm AcctSvcrRef NtryDtls Btch NbOfTxs
        TxDtls Refs EndToEndId UETR TxId AmtDtls TxAmt RtrInf
        RltdPties Dbtr Pty Nm DbtrAcct UltmtDbtr
        RmtInf Ustrd Strd CdtrRefInf Ref CdtrRef
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    public static async IAsyncEnumerable<Entry> ReadAsync(
        Stream file, CamtMessage message, StatementSource source, CamtSettings settings,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var guard = new GuardedStream(file, NodeBytesMax, cancellation);
        using var xml = ForeignXml.Open(guard);
        var reader = new CamtReader(xml, guard, message, cancellation);
        await reader.EnterBodyAsync();
        var map = new CamtMovements(source, settings);
        while (await reader.NextAsync())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.LocalName != message.Part)
            {
                await reader.SkipAsync();
                continue;
            }

            var statement = new CamtStatement();
            if (xml.IsEmptyElement) continue;
            var (depth, first) = (xml.Depth, map.Position + 1);
            while (await reader.NextAsync() && xml.Depth > depth)
            {
                if (xml.NodeType != XmlNodeType.Element) continue;
                if (xml.LocalName is "Id" or "Acct" or "Bal") statement.Note(await reader.NodeAsync());
                else if (xml.LocalName == "Ntry")
                    foreach (var entry in map.Read(await reader.NodeAsync(), statement)) yield return entry;
                else await reader.SkipAsync();
            }

            if (statement.Mismatch() is not { } mismatch) continue;
            yield return settings.HoldsMismatch && map.Position >= first
                ? new HeldEntry(map.Position, first, "balance-mismatch", mismatch)
                : new WarningEntry(Math.Max(1, map.Position), "balance-mismatch", mismatch);
        }
    }

    private async ValueTask EnterBodyAsync()
    {
        await ElementAsync();
        if (xml.LocalName != "Document" || !message.Namespace.IsMatch(xml.NamespaceURI))
            throw new FileFaultException("document-unknown",
                $"The file is no {message.Name} of a known version: its root is '{Shown(xml.LocalName)}' of '{Shown(xml.NamespaceURI)}'.");
        await ElementAsync();
        if (xml.LocalName != message.Body && xml.LocalName != $"{message.Body}V01")
            throw new FileFaultException("body-unknown", $"A {message.Name} document holds {message.Body}, not '{Shown(xml.LocalName)}'.");
    }

    private async ValueTask ElementAsync()
    {
        do
        {
            if (!await NextAsync() || xml.NodeType == XmlNodeType.EndElement)
                throw new FileFaultException("body-unknown", $"The document is empty; a {message.Name} document holds {message.Body}.");
        }
        while (xml.NodeType != XmlNodeType.Element);
    }

    /// <summary>The element that the reader stands on, with what is wanted below it. Leaves the reader on its end.</summary>
    private async ValueTask<CamtNode> NodeAsync()
    {
        var root = new CamtNode(xml.LocalName, xml.GetAttribute("Ccy"));
        if (xml.IsEmptyElement) return root;
        var (nodes, letters) = (0, 0);
        var open = new Stack<CamtNode>();
        open.Push(root);
        while (open.Count > 0)
        {
            if (!await NextAsync()) throw new FileFaultException("xml-malformed", "The file ends inside an entry.");
            if (xml.NodeType == XmlNodeType.EndElement)
            {
                open.Pop();
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                var text = await xml.GetValueAsync();
                letters += text.Length;
                open.Peek().Add(text);
            }
            else if (xml.NodeType == XmlNodeType.Element)
            {
                nodes++;
                await OpenAsync(open);
            }

            if (nodes > EntryNodesMax || letters > EntryLettersMax)
                throw new FileFaultException("entry-too-large",
                    $"An entry holds more than {EntryNodesMax:N0} elements or {EntryLettersMax:N0} characters.");
        }

        return root;
    }

    private async ValueTask OpenAsync(Stack<CamtNode> open)
    {
        if (!Wanted.Contains(xml.LocalName))
        {
            await SkipAsync();
            return;
        }

        var child = new CamtNode(xml.LocalName, xml.GetAttribute("Ccy"));
        open.Peek().Add(child);
        if (!xml.IsEmptyElement) open.Push(child);
    }

    private async ValueTask SkipAsync()
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        while (await NextAsync() && xml.Depth > depth) { }
    }

    private async ValueTask<bool> NextAsync()
    {
        cancellation.ThrowIfCancellationRequested();
        if (!await xml.ReadAsync()) return false;
        guard.Progress();
        if (xml.Depth > DepthMax) throw new FileFaultException("xml-too-deep", $"Elements are nested deeper than {DepthMax}.");
        return true;
    }

    private static string Shown(string text) => ForeignText.Clean(text, 100) ?? "";
}
