using System.Net;
using System.Text.Json;
using MoMo.Domain.Files;
using MoMo.Engine;

namespace MoMo.Domain.Callbacks;

/// <summary>
/// One PSP's way of calling back over HTTP: who may, what it says, and what it wants to hear. One folder of <c>src/MoMo.Edge/Psps</c> each.
/// Pure: no clock, no I/O, no state; the hub keeps the raw bytes, routes, records, and answers with what <see cref="Answer"/> says.
/// </summary>
public interface ICallbackFormat
{
    /// <summary>Its name in an adapter's configuration, such as <c>paystack</c>.</summary>
    string Name { get; }

    /// <summary>What an adapter of this format shares with its PSP; any of them may be missing, and then <see cref="Check"/> says what that means.</summary>
    IReadOnlyList<CredentialKind> Credentials { get; }

    /// <summary>Whether the PSP calls by GET as well: else whoever opens the address in a browser would be taken for the PSP. POST and PUT are always taken.</summary>
    bool CallsByGet { get; }

    /// <summary>Refuses settings that can't be used, naming all faults; null when they can. Without any the element is undefined.</summary>
    Refusal? CheckSettings(JsonElement settings);

    /// <summary>Whether calls from this address are let in. Who is not learns nothing more than that there is nothing here.</summary>
    bool LetsIn(IPAddress source, JsonElement settings);

    /// <summary>
    /// Checks that the PSP sent the message, by its raw bytes and in constant time. It is kept either way.
    /// </summary>
    /// <returns>Null, or <c>signature-missing</c>, <c>signature-wrong</c>, <c>signature-stale</c>, <c>credential-missing</c>.</returns>
    Refusal? Check(CallbackMessage message, CallbackSource source);

    /// <summary>
    /// Reads a message into what it says. Final, incoming, live money is a <see cref="PaymentEntry"/>; what takes such money back a
    /// <see cref="ReversalEntry"/>; all other news a <see cref="NoticeEntry"/>;
    /// what can't be read a <see cref="FaultEntry"/>; a question before money moves a <see cref="QuestionEntry"/>, alone. Never empty, and never
    /// throws for what the message holds.
    /// </summary>
    IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source);

    /// <summary>The answer in the PSP's own words.</summary>
    CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome);
}
