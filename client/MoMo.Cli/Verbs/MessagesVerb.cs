using System.CommandLine;
using MoMo.Client;
using MoMo.Client.Wire;

namespace MoMo.Cli.Verbs;

/// <summary>Looks at messages that made no payment of their own.</summary>
internal static class MessagesVerb
{
    public static Command Create(Shell shell) =>
        new Verb("messages", "Look at messages that were refused or differed, and were kept.", "messages list --why payment-differs", "messages show SHA256")
        {
            List(shell), ShowOne(shell),
        };

    private static Verb List(Shell shell)
    {
        var listing = new Listing<MessageView>(
            MoMoJson.Default.MessageView,
            new("id", message => message.Id),
            new("why", message => message.Why),
            new("psp", message => message.Psp),
            new("adapter", message => message.Adapter),
            new("payment", message => message.PaymentId),
            new("received_at", message => Show.Time(message.ReceivedAt)));
        var payment = Given.Text("--payment", "That repeat this payment with other content.", "ID");
        var why = Given.Text("--why", "Kept for this reason, such as payment-differs.", "CODE");
        var adapter = Given.Text("--adapter", "That came through this adapter.", "ID");
        return new Verb("list", "List kept messages, newest first.", "messages list --adapter bank --why payment-malformed")
        {
            payment, why, adapter, listing.Limit,
        }.Runs(
            shell,
            (call, cancellation) =>
            {
                var query = new MessageQuery { PaymentId = call.Value(payment), Why = call.Value(why), Adapter = call.Value(adapter) };
                return listing.ShowAsync(call, pageSize => call.Hub.Messages.ListAsync(query, pageSize, cancellation), cancellation);
            });
    }

    private static Verb ShowOne(Shell shell)
    {
        var id = Given.Argument("SHA256", "The message's id: the SHA-256 of its bytes.");
        return new Verb("show", "Show the very bytes of a message.", "messages show SHA256", "messages show SHA256 | sha256sum") { id }.Runs(
            shell,
            async (call, cancellation) =>
            {
                await using var raw = call.Terminal.RawOut();
                await call.PatientHub.Messages.CopyContentAsync(call.Value(id), raw, cancellation);
                return ExitCode.Done;
            });
    }
}
