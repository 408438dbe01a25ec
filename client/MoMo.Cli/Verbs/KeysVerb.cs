using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Makes and removes API keys.</summary>
internal static class KeysVerb
{
    public static Command Create(Shell shell) =>
        new Verb("keys", "Make and remove API keys.", "keys add acme-backend --scope account:acme", "keys remove ID")
        {
            List(shell), Add(shell), Remove(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<KeyView>(
            MoMoJson.Default.KeyView,
            new("id", key => key.Id),
            new("name", key => key.Name),
            new("scopes", key => string.Join(' ', key.Scopes)),
            new("created_at", key => Show.Time(key.CreatedAt)),
            new("last_used_at", key => Show.Time(key.LastUsedAt)));
        return new Verb("list", "List keys, without their secrets.", "keys list") { listing.Limit }.Runs(
            shell,
            (call, cancellation) => listing.ShowAsync(call, pageSize => call.Hub.Keys.ListAsync(pageSize, cancellation), cancellation));
    }

    private static Verb Add(Shell shell)
    {
        var name = Given.Argument("NAME", "Who or what uses it.");
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do: admin, adapter, adapter:ID or account:ID. May be given several times.",
            HelpName = "SCOPE",
            Required = true,
        };
        return new Verb(
            "add", "Make a key. It is shown once.", "keys add acme-backend --scope account:acme", "keys add mpesa --scope adapter:mpesa")
        {
            name, scopes,
        }.Runs(shell, async (call, cancellation) =>
        {
            var spec = new KeySpec { Name = call.Value(name), Scopes = call.Value(scopes)! };
            Card.Write(call, await call.Hub.Keys.CreateAsync(spec, cancellation), MoMoJson.Default.KeyView);
            call.Remark("Keep the key now: it is never shown again.");
            return ExitCode.Done;
        });
    }

    private static Verb Remove(Shell shell)
    {
        var id = Given.Argument("ID", "The key's id, not its secret.");
        return new Verb("remove", "Remove a key: nobody gets in with it any more.", "keys remove ID") { id }.Runs(
            shell,
            async (call, cancellation) =>
            {
                await call.Hub.Keys.DeleteAsync(call.Value(id), cancellation);
                call.Remark($"Key {call.Value(id)} is removed.");
                return ExitCode.Done;
            });
    }
}
