using System.Text.Json;
using MoMo.Domain.Payments;

namespace MoMo.Edge.Formats;

/// <summary>
/// <c>psp_reference_prefix</c>: put before each id that an adapter brings, where several of our accounts at one PSP make ids of their own, or share them.
/// </summary>
internal sealed class ReferenceScope(string prefix)
{
    private const int PrefixMax = 60;
    private const string Name = "psp_reference_prefix";

    public ReferenceScope(JsonElement settings) : this(Read(new SettingsReader(settings)))
    {
    }

    /// <summary>Characters that an id has at most before the prefix is put before it.</summary>
    public int LengthMax => PaymentNotice.PspReferenceMax - prefix.Length;

    /// <summary>The setting; empty when it is not set, or can't be used.</summary>
    public static string Read(SettingsReader settings)
    {
        var prefix = settings.Text(Name) ?? "";
        if (prefix.Length <= PrefixMax && ForeignText.Clean($"{prefix}.", PrefixMax + 1) == $"{prefix}.") return prefix;
        settings.Fault(Name, "setting-malformed", $"Give at most {PrefixMax} characters, none of them a control character or a blank at the beginning.");
        return "";
    }

    /// <summary>An id as it is kept.</summary>
    public string? Of(string? id) => id is null ? null : prefix + id;
}
