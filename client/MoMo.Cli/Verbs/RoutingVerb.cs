using System.CommandLine;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Asks where a payment would go.</summary>
internal static class RoutingVerb
{
    public static Command Create(Shell shell)
    {
        var adapter = Given.Text("--adapter", "Ask this adapter's rules; else the standard ones.", "ID");
        var account = Given.Text("--account", "The account as the sender names it.", "ID");
        var reference = Given.Text("--reference", "The reference as the sender names it.", "ID");
        var text = Given.Text("--text", "What the payer typed.", "TEXT");
        var shortcode = Given.Text("--shortcode", "Our number at the PSP.", "NUMBER");
        return new Verb(
            "routing",
            "Ask where a payment would go, and why. Nothing is recorded.",
            "routing --reference 4711",
            "routing --adapter mpesa --shortcode 174379 --text 'acme#4711'")
        {
            adapter, account, reference, text, shortcode,
        }.Runs(shell, async (call, cancellation) =>
        {
            var question = new RoutingQuestion
            {
                Adapter = call.Value(adapter), AccountId = call.Value(account), ReferenceId = call.Value(reference),
                Text = call.Value(text), Shortcode = call.Value(shortcode),
            };
            var answer = await call.Hub.Routing.DryRunAsync(question, cancellation);
            if (call.Json) return Card.Write(call, answer, MoMoJson.Default.RoutingView);

            Explain(call.Terminal, answer);
            return ExitCode.Done;
        });
    }

    private static void Explain(Terminal terminal, RoutingView answer)
    {
        terminal.Out.WriteLine(Clean.Text(answer.AccountId is { } account
            ? $"It would go to account {account}{(answer.ReferenceId is { } found ? $", reference {found}" : "")}."
            : "It would wait in suspense: nobody knows whose it is."));
        Table.Write<FindingView>(
            terminal,
            [
                new("rule", finding => finding.Rule),
                new("verdict", finding => finding.Verdict),
                new("account", finding => finding.AccountId),
                new("reference", finding => finding.ReferenceId),
                new("detail", finding => finding.Detail),
            ],
            answer.Decision);
    }
}
