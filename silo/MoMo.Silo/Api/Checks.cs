using System.Buffers;
using System.Text;
using MoMo.Domain;
using MoMo.Domain.Accounts;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Checks the fields of one request, and gathers all that is wrong with them.</summary>
internal sealed class Checks
{
    private static readonly SearchValues<char> IdChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");
    private readonly List<FieldFault> faults = [];
    private readonly HashSet<string> unusable = [];

    /// <summary>What is wrong, in the order in which it was found.</summary>
    public IReadOnlyList<FieldFault> Faults => faults;

    /// <summary>All faults at once; null when there is none.</summary>
    public Refusal? Refusal => faults.Count == 0 ? null : Of(faults);

    /// <summary>A refusal for one fault or more.</summary>
    public static Refusal Of(IReadOnlyList<FieldFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return faults.Count == 1
            ? new Refusal(faults[0].Code, faults[0].Detail, faults)
            : new Refusal("fields-invalid", "Several fields can't be used; see errors.", faults);
    }

    /// <summary>Whether something is wrong with a field already.</summary>
    public bool Names(string field) => faults.Exists(fault => fault.Field == field);

    /// <summary>Whether a field's value, or something in it, could not be read: the record is without it.</summary>
    public bool IsUnusable(string field) => unusable.Contains(field);

    /// <summary>The id of a thing to create: 1 to <paramref name="max"/> of a-z, 0-9, '.', '_' and '-', the first a letter or digit.</summary>
    public string NewId(string? id, int max = 64)
    {
        if (id is null) Fault("id", "id-missing", "Give an id.");
        else if (id.Length == 0 || id.Length > max || !char.IsAsciiLetterOrDigit(id[0]) || id.AsSpan().ContainsAnyExcept(IdChars))
            Fault("id", "id-malformed", $"An id is 1 to {max} of a-z, 0-9, '.', '_' and '-', the first a letter or digit.");
        return id ?? "";
    }

    /// <summary>The id of a thing to change: in the body it may be left out, but can't be another one.</summary>
    public void SameId(string? id, string path)
    {
        if (id is not null && Account.Canonical(id) != Account.Canonical(path)) Fault("id", "id-fixed", "An id can't be changed.");
    }

    /// <summary>A name: 1 to <paramref name="max"/> characters that can be printed; blanks around it are cut off.</summary>
    public string Name(string? name, int max = 100)
    {
        var trimmed = name?.Trim() ?? "";
        if (trimmed.Length == 0) Fault("name", "name-missing", "Give a name.");
        else Text("name", trimmed, max);
        return trimmed;
    }

    /// <summary>Text of at most <paramref name="max"/> characters that can be printed, or none; blanks around it are cut off.</summary>
    public string? Text(string field, string? text, int max)
    {
        var trimmed = text?.Trim();
        if (trimmed is null || trimmed.Length == 0) return null;
        if (trimmed.Length > max) Fault(field, $"{field.Replace('_', '-')}-too-long", $"At most {max} characters.");
        else if (!IsPrintable(trimmed)) Fault(field, $"{field.Replace('_', '-')}-malformed", "Control characters and broken characters can't be used.");
        return trimmed;
    }

    /// <summary><c>live</c> or <c>test</c>; null when it is not said.</summary>
    public Mode? Mode(string? word)
    {
        if (word is null) return null;
        if (Modes.Find(word) is { } mode) return mode;
        Fault("mode", "mode-unknown", "A mode is live or test.");
        return null;
    }

    /// <summary>A URL that the hub is to call.</summary>
    public string Url(string field, string? url, Func<string, Outcome<Uri>> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        var outcome = check(url ?? "");
        if (outcome.Refused is { } refusal) Fault(field, refusal.Code, refusal.Detail);
        return outcome.Accepted?.AbsoluteUri ?? "";
    }

    /// <summary>What somebody else found wrong; what is not about a field is put down to <paramref name="field"/>.</summary>
    public void Add(string field, Refusal? refusal)
    {
        if (refusal is null) return;
        if (refusal.Faults.Count == 0) Fault(field, refusal.Code, refusal.Detail);
        else
            foreach (var fault in refusal.Faults) Add(fault);
    }

    /// <summary>Something is wrong with a field; not told of one whose value could not be read, for which a missing value is no news.</summary>
    public void Fault(string field, string code, string detail) => Add(new FieldFault(field, code, detail));

    /// <summary>A field that can't be read, or that there is not.</summary>
    public void Unusable(FieldFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        faults.Add(fault);
        unusable.Add(fault.Field.Split('.')[0]);
    }

    private void Add(FieldFault fault)
    {
        if (!unusable.Contains(fault.Field)) faults.Add(fault);
    }

    private static bool IsPrintable(string text)
    {
        if (UnfitCharacters.AreIn(text)) return false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar) return false; // a half surrogate is read as the replacement character
        }

        return true;
    }
}
