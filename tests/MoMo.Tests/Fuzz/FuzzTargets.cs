using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Domain.Identity;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Psps;
using MoMo.Edge.Webhooks;
using MoMo.Silo.Api;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Fuzz;

/// <summary>Every reader of foreign bytes. A format of statement files joins by itself, with the sample of its <see cref="StatementFormatSpec"/>.</summary>
internal static class FuzzTargets
{
    private const string MPesaStatement = """
        {"currency":"KES","time_zone":"Africa/Nairobi","paid_at_formats":["dd/MM/yyyy HH:mm:ss"],"text_after":["Account Number "],
         "columns":{"psp_reference":"Receipt No.","credit":"Paid In","debit":"Withdrawn","paid_at":"Completion Time","text":"Details"},
         "filters":[{"column":"Transaction Status","equals":"Completed","otherwise":"pending"}]}
        """;

    /// <summary>All targets, each with a name of its own.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new PaymentJsonTarget(),
        new PaymentFormTarget(isInParts: false),
        new PaymentFormTarget(isInParts: true),
        new C2bTarget(),
        .. CallbackTarget.All,
        new StatementTarget("file of CsvFormat, M-Pesa", new CsvFormat(), MPesaStatement, [.. FuzzSamples.Golden("csv-mpesa"), .. FuzzSamples.Shared("csv-mpesa")]),
        .. Specs().SelectMany(OfSpec),
        new MPesaSettingsTarget(),
        new RuleTarget(),
        new AdapterBodyTarget(),
        new WebhookTarget(),
        new TextTarget("key", ["momo_abcdefghijkl_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"], Key),
        new TextTarget("webhook secret", ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="], Secret),
        new TextTarget("destination url", ["https://example.org/hook?a=b", "http://[fd00::1]:8080/x", "https://münchen.example/%20"], Url),
        new TextTarget("address list", ["196.201.214.0/24,10.1.2.3", "::1,fd00::/8,::ffff:10.1.2.3"], Addresses),
        new TextTarget("if-match", ["\"1\"", "W/\"1\", \"22\", *", "*"], IfMatch),
        new TextTarget("cursor", [Convert.ToBase64String("acme"u8).TrimEnd('='), "YWNtZS0xMjM"], Cursor),
        new TextTarget("amount", ["1250.50 KES", "0.001 TND", "7 UGX"], Amount),
    ];

    /// <summary>The formats of statement files that there are.</summary>
    public static IEnumerable<Type> Formats =>
        typeof(CsvFormat).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IStatementFormat)));

    /// <summary>Their specifications, which hold settings and a sample.</summary>
    public static IEnumerable<StatementFormatSpec> Specs() => typeof(FuzzTargets).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(StatementFormatSpec)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (StatementFormatSpec)Activator.CreateInstance(type)!);

    private static IEnumerable<IFuzzTarget> OfSpec(StatementFormatSpec spec)
    {
        var (format, settings, sample) = spec.Specimen;
        var (name, file) = (spec.GetType().Name.Replace("Spec", "", StringComparison.Ordinal), Encoding.UTF8.GetBytes(sample));
        // Files of a format whose settings tell what they mean would all be refused by settings that are not theirs.
        IEnumerable<byte[]> more = settings == "{}" ? [.. FuzzSamples.Golden(format.Name), .. FuzzSamples.Shared(format.Name)] : [];
        yield return new StatementTarget($"file of {name}", format, settings, [file, .. more]);
        yield return new StatementSettingsTarget($"settings of {name}", format, [settings, """{"time_zone":"Africa/Nairobi"}"""], file);
    }

    private static FuzzOutcome Key(string text)
    {
        Span<byte> hash = stackalloc byte[KeyText.HashLength];
        if (!KeyText.TryRead(text, out var id, hash)) return new FuzzOutcome("no key");
        Kept.Demand(id.Length == 12 && id.All(letter => letter is (>= 'a' and <= 'z') or (>= '2' and <= '7')), $"the id '{id}'");
        return new FuzzOutcome("key");
    }

    private static FuzzOutcome Secret(string text)
    {
        var read = WebhookSecret.Parse(text);
        if (read.Accepted is not { } secret) return Kept.Refused(read.Refused!);
        Kept.Demand(WebhookSecret.Parse(secret.Show()).Accepted!.Key.SequenceEqual(secret.Key), "a secret that shows itself as another");
        return new FuzzOutcome($"secret of {secret.Key.Length}");
    }

    private static FuzzOutcome Url(string text)
    {
        var read = DestinationUrl.Check(text);
        if (read.Accepted is not { } url) return Kept.Refused(read.Refused!);
        // It is kept as AbsoluteUri and read again when it is called.
        var again = DestinationUrl.Check(url.AbsoluteUri);
        Kept.Demand(again.Accepted?.Host == url.Host && again.Accepted.Port == url.Port, $"a URL that leads elsewhere once it is kept: {url.AbsoluteUri}");
        return new FuzzOutcome($"{url.Scheme} {url.HostNameType} {url.IsDefaultPort}");
    }

    private static FuzzOutcome Addresses(string text)
    {
        var read = AddressList.Parse(text.Split(','));
        if (read.Accepted is not { } list) return Kept.Refused(read.Refused!);
        return new FuzzOutcome($"{list.Contains(System.Net.IPAddress.Loopback)} {list.Contains(System.Net.IPAddress.IPv6Loopback)}");
    }

    private static FuzzOutcome IfMatch(string text)
    {
        var request = new DefaultHttpContext { Request = { Headers = { IfMatch = text.Split('\n'), IfNoneMatch = text } } }.Request;
        return new FuzzOutcome($"{ETags.Match(request)} {ETags.IsKnown(request, 1)}".Length > 40 ? "many" : $"{ETags.IsKnown(request, 1)}");
    }

    private static FuzzOutcome Cursor(string text)
    {
        var query = new ListQuery(new DefaultHttpContext()).AfterKey(text);
        return query.Refused is { } refused ? Kept.Refused(refused) : new FuzzOutcome(query.Rows().After.Length == 0 ? "first" : "next");
    }

    private static FuzzOutcome Amount(string text)
    {
        var parts = text.Split(' ', 2);
        var read = Money.Parse(parts[0], parts.Length > 1 ? parts[1] : "KES");
        if (read.Accepted is not { } money) return Kept.Refused(read.Refused!);
        Kept.Demand(Money.Parse(money.ToText(), money.Currency).Accepted == money, $"{money} that reads as another amount");
        return new FuzzOutcome($"{money.Currency.Decimals}");
    }
}
