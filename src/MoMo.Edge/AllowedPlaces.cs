using System.ComponentModel.DataAnnotations;
using System.Net;

namespace MoMo.Edge;

/// <summary>Checks what the operator allows beyond the rule: networks in CIDR form, full paths of folders.</summary>
internal static class AllowedPlaces
{
    /// <summary>Networks, or folders, that may be allowed.</summary>
    public const int Max = 100;

    /// <summary>What is wrong with networks of a setting <c>AllowedNetworks</c>.</summary>
    public static IEnumerable<ValidationResult> NetworkFaults(IEnumerable<string> networks) => Faults(
        "AllowedNetworks", networks, network => IPNetwork.TryParse(network, out _), "a network in CIDR form, such as 10.20.0.0/16");

    /// <summary>What is wrong with folders of a setting <c>AllowedFolders</c>.</summary>
    public static IEnumerable<ValidationResult> FolderFaults(IEnumerable<string> folders) => Faults("AllowedFolders", folders, Path.IsPathFullyQualified, "a full path");

    private static IEnumerable<ValidationResult> Faults(string setting, IEnumerable<string> given, Func<string, bool> fits, string what)
    {
        string[] all = [.. given];
        if (all.Length > Max) yield return new($"{setting} has at most {Max}.", [setting]);
        foreach (var one in all.Where(one => !fits(one))) yield return new($"'{one}' is not {what}.", [setting]);
    }
}
