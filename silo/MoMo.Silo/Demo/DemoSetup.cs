using MoMo.Domain.Deliveries;
using MoMo.Domain.Identity;
using MoMo.Engine;
using MoMo.Storage.Management;

namespace MoMo.Silo.Demo;

/// <summary>
/// Makes what the demo needs and is not there yet. What is there stays as it is, whoever made it; only the demo's own key and the secret path of
/// its M-Pesa adapter are made anew, because the hub shows neither twice.
/// </summary>
internal sealed class DemoSetup(
    PspStore psps, AdapterStore adapters, AccountStore accounts, ReferenceStore references, DestinationStore destinations, KeyStore keys, ILanes lanes)
{
    private const string KeyName = "demo simulator";
    private const string DestinationId = "demo";
    private const string MPesa = "demo-mpesa";
    private const string Airtel = "demo-airtel";

    private const string StatementSettings =
        """
        {
          "header_contains": "Receipt No.", "currency": "KES", "thousands_marks": [","], "time_zone": "Africa/Nairobi",
          "columns": {
            "psp_reference": "Receipt No.", "credit": "Paid In", "debit": "Withdrawn", "paid_at": "Completion Time", "text": "Details"
          },
          "paid_at_formats": ["dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss"],
          "text_after": ["Account Number ", "Acc. "],
          "filters": [
            { "column": "Transaction Status", "equals": "Completed", "otherwise": "pending" },
            { "column": "Details", "not_in": ["Pay Bill Charge*"], "otherwise": "ignore" }
          ]
        }
        """;

    private static readonly (string Id, string Name)[] Psps = [("mpesa", "M-Pesa Kenya"), ("airtel-ug", "Airtel Uganda"), ("demo-bank", "Demo Bank")];

    private static readonly AdapterDraft[] Adapters =
    [
        new(MPesa, "mpesa", "M-Pesa paybill 600638", "mpesa-c2b", """{"addresses":["127.0.0.0/8","::1/128"]}""", null, false) { Called = true },
        new(Airtel, "airtel-ug", "Airtel Money API", "json", null, null, false),
        new("demo-statements", "mpesa", "M-Pesa statements", "csv", StatementSettings, null, false),
        new("demo-bank-statements", "demo-bank", "Demo Bank camt.053", "camt.053", """{"time_zone":"Africa/Nairobi"}""", null, false),
    ];

    /// <summary>Sets up. Safe to repeat.</summary>
    /// <param name="server">The account server.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Something that is there stands in the way; the message says what.</exception>
    public async Task<DemoReady> EnsureAsync(Uri server, CancellationToken cancellation)
    {
        foreach (var (id, name) in Psps)
        {
            if (await psps.FindAsync(id, cancellation) is null)
                Check(await NamedAsync(name, one => psps.CreateAsync(id, one, archived: false, cancellation)));
        }

        foreach (var adapter in Adapters)
        {
            if (await adapters.FindAsync(adapter.Id, cancellation) is null)
                Check(await NamedAsync(adapter.Name, one => adapters.CreateAsync(adapter with { Name = one }, cancellation)));
        }

        Dictionary<string, IReadOnlyList<byte[]>> secrets = [];
        foreach (var account in DemoAccount.All) secrets[account.Id] = await EnsureAsync(account, server, cancellation);
        return new DemoReady(await CallbackPathAsync(cancellation), await KeyAsync(cancellation), secrets, [MPesa, Airtel]);
    }

    private async Task<IReadOnlyList<byte[]>> EnsureAsync(DemoAccount account, Uri server, CancellationToken cancellation)
    {
        var lookup = account.LookupPrefix is null ? null : new Uri(server, $"{account.Id}/lookup").AbsoluteUri;
        if (await accounts.FindAsync(account.Id, cancellation) is not { } known)
            Check(await NamedAsync(account.Name, one => accounts.CreateAsync(account.Id, one, lookup, archived: false, cancellation)));
        else if (lookup is not null && known.LookupUrl != lookup)
            Check(await accounts.ChangeAsync(account.Id, known.Name, lookup, known.Archived, VersionMatch.Any, cancellation));

        foreach (var (id, name) in account.References)
        {
            var created = await references.CreateAsync(account.Id, id, name, archived: false, cancellation);
            if (created.Refused is not { Code: "id-taken" }) Check(created);
        }

        // The server may have got another port than the last time.
        var url = new Uri(server, account.Id).AbsoluteUri;
        var there = await destinations.FindAsync(account.Id, DestinationId, cancellation);
        if (there is null)
            there = Check(await destinations.CreateAsync(account.Id, DestinationId, DestinationDraft.Webhook(url), NewSecret.Hmac(), cancellation));
        else if (there.Url != url)
        {
            var moved = new DestinationDraft(there.Kind, url, there.Paused, there.Settings);
            there = Check(await destinations.ChangeAsync(account.Id, DestinationId, moved, VersionMatch.Any, cancellation));
        }

        return (await lanes.FindAsync(there.Lane, cancellation))?.Secrets ?? [];
    }

    /// <summary>Another format and back: the adapter loses its secret path and gets a new one.</summary>
    private async Task<string?> CallbackPathAsync(CancellationToken cancellation)
    {
        if (await adapters.FindAsync(MPesa, cancellation) is not { Draft: { Format: "mpesa-c2b", Archived: false } draft }) return null;
        Check(await adapters.ChangeAsync(draft with { Format = "json", Settings = null, Called = false }, VersionMatch.Any, _ => null, cancellation));
        var renewed = Check(await adapters.ChangeAsync(draft, VersionMatch.Any, _ => null, cancellation));
        return $"v1/callbacks/{MPesa}/{renewed.CallbackSecret}";
    }

    private async Task<string> KeyAsync(CancellationToken cancellation)
    {
        foreach (var old in await keys.ListAsync(new PageQuery("", 10, KeyName), cancellation))
            await keys.DeleteAsync(old.Id, VersionMatch.Any, cancellation);
        return Check(await keys.CreateAsync(KeyName, [new Scope("adapter", null)], cancellation)).Text!;
    }

    /// <summary>Names are unique: when somebody else has it, ours says what it is.</summary>
    private static async Task<Outcome<T>> NamedAsync<T>(string name, Func<string, Task<Outcome<T>>> create) where T : class
    {
        var created = await create(name);
        return created.Refused is { Code: "name-taken" } ? await create($"{name} (demo)") : created;
    }

    private static T Check<T>(Outcome<T> outcome) where T : class => outcome.Accepted
        ?? throw new InvalidOperationException($"The demo can't be set up: {outcome.Refused!.Detail} Start it on a data folder of its own: --data DIR.");
}
