using System.Text.Json;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats;
using MoMo.Edge.Psps.MPesa;

namespace MoMo.Tests.Fuzz;

/// <summary>M-Pesa's C2B messages.</summary>
internal sealed class C2bTarget : IFuzzTarget
{
    public string Name => "mpesa c2b";

    public IReadOnlyList<byte[]> Samples { get; } = [.. FuzzSamples.Golden("mpesa-ke"), .. FuzzSamples.Shared("mpesa-ke")];

    public FuzzOutcome Run(byte[] input)
    {
        var read = C2bMessage.Parse(input);
        if (read.Accepted is not { } message) return Kept.Refused(read.Refused!);
        NotCut(input, message);
        C2bValidationAnswer.For(new Engine.Refusal("message-malformed", "none"));
        return Kept.Payment($"accepted {message.Text is null} {message.Payer is null}", message.ToNotice("psp", "mpesa"));
    }

    /// <summary>Two payments must not become one because the end of their ids was lost.</summary>
    private static void NotCut(byte[] input, C2bMessage message)
    {
        if (!System.Text.Unicode.Utf8.IsValid(input)) return;
        var json = input.AsMemory(input.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        using var sent = JsonDocument.Parse(json);
        var id = sent.RootElement.GetProperty("TransID");
        // What is unfit to keep became blanks, and those around it are no part of it.
        var text = ForeignText.Whole(id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText()) ?? "";
        Kept.Demand(text.Length <= PaymentNotice.PspReferenceMax || message.TransId.Length == text.Length,
            $"an id of {text.Length} characters cut to {message.TransId.Length}");
    }
}
