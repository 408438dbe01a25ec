using System.Net;
using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Files;
using MoMo.Edge.Formats;
using MoMo.Edge.Questions;
using MoMo.Engine;

namespace MoMo.Edge.Psps;

/// <summary>
/// What most PSPs that call back have in common. All know the setting <c>addresses</c>: a list of IP addresses and networks that may call, in
/// place of those that the PSP publishes.
/// </summary>
public abstract class CallbackFormat : ICallbackFormat
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<CredentialKind> Credentials => [];

    /// <inheritdoc/>
    public virtual bool CallsByGet => false;

    /// <summary>Where the PSP calls from unless <c>addresses</c> says otherwise; empty for anywhere, where a signature tells more.</summary>
    protected virtual IReadOnlyList<string> PublishedAddresses => [];

    /// <inheritdoc/>
    public Refusal? CheckSettings(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        var addresses = reader.Texts("addresses", AddressList.EntriesMax);
        if (addresses.Count > 0 && AddressList.Parse(addresses).Refused is { } refused)
        {
            foreach (var fault in refused.Faults) reader.Fault($"addresses.{fault.Field}", fault.Code, fault.Detail);
            if (refused.Faults.Count == 0) reader.Fault("addresses", refused.Code, refused.Detail);
        }

        if (this is IStatusFormat { Manner: { } manner }) StatusSettings.Read(reader, manner, Credentials);
        ReadSettings(reader);
        reader.Close();
        return reader.Refused is not { } all ? null : all with { Faults = [.. all.Faults.Select(fault => fault with { Field = Field(fault.Field) })] };
    }

    /// <inheritdoc/>
    public bool LetsIn(IPAddress source, JsonElement settings)
    {
        var addresses = new SettingsReader(settings).Texts("addresses", AddressList.EntriesMax);
        if (addresses.Count == 0) addresses = PublishedAddresses;
        return addresses.Count == 0 || AddressList.Parse(addresses).Accepted?.Contains(source) == true;
    }

    /// <inheritdoc/>
    public virtual Refusal? Check(CallbackMessage message, CallbackSource source) => null;

    /// <inheritdoc/>
    public abstract IReadOnlyList<Entry> Read(CallbackMessage message, CallbackSource source);

    /// <summary>By status alone: 200 once it is kept, 401 to a stranger, 400 to what can't be read, 503 while the hub is busy.</summary>
    public virtual CallbackAnswer Answer(CallbackMessage message, CallbackOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return new CallbackAnswer(StatusOf(outcome.Verdict));
    }

    /// <summary>Reads settings beyond <c>addresses</c>, for their faults.</summary>
    private protected virtual void ReadSettings(SettingsReader settings)
    {
    }

    /// <summary>The status that says to most senders what they need: 2xx ends it, the rest is sent again or looked at.</summary>
    private protected static int StatusOf(CallbackVerdict verdict) => verdict switch
    {
        CallbackVerdict.Refused => 400,
        CallbackVerdict.Forbidden => 401,
        CallbackVerdict.Busy => 503,
        _ => 200,
    };

    /// <summary>Whether the adapter says how to ask its PSP.</summary>
    private protected bool Asks(CallbackSource source) => this is IStatusFormat { Manner: { } manner } && StatusSettings.Of(source.Settings, manner) is not null;

    /// <summary>
    /// What only rings: a doorbell where the adapter says how to ask, else just the notice.
    /// </summary>
    /// <param name="source">The adapter.</param>
    /// <param name="notice">What the message says.</param>
    /// <param name="references">What it names the payment by, by the names of <see cref="StatusManner.AskedBy"/>.</param>
    private protected Entry Ring(CallbackSource source, NoticeEntry notice, params ReadOnlySpan<(string By, string? Reference)> references)
    {
        if (this is not IStatusFormat { Manner: { } manner } || StatusSettings.Of(source.Settings, manner) is not { } asking) return notice;
        string? named = null;
        foreach (var (by, reference) in references)
        {
            if (by == asking.By) named ??= StatusSettings.Reference(reference);
        }

        return new DoorbellEntry(notice.Position, notice, named);
    }

    private protected static Entry[] Fault(Refusal refusal) =>
    [
        new FaultEntry(1, refusal.Code, refusal.Faults.Count == 0
            ? refusal.Detail
            : ForeignText.Clean(string.Join(' ', refusal.Faults.Select(fault => $"{fault.Field}: {fault.Detail}")), ForeignText.DetailMax)!),
    ];

    private protected static Entry[] Fault(string code, string detail) => [new FaultEntry(1, code, detail)];

    private static string Field(string name) => name.Length == 0 ? "settings" : $"settings.{name}";
}
