using System.ComponentModel.DataAnnotations;
using MoMo.Engine;

namespace MoMo.Silo.Hosting;

/// <summary>Reads every setting once before anything is made for it: a wrong value is found before there is a database.</summary>
internal static class SoundSettings
{
    /// <exception cref="StartException">A value can't be read, or is not one that the setting may have.</exception>
    public static void Require(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = KnownSettings.All.ToDictionary(one => one.Options, one => Read(configuration, one.Options, one.Section));
        if (HubParts.LacksConnections((JournalOptions)read[typeof(JournalOptions)], (HubOptions)read[typeof(HubOptions)])) throw Wrong(HubParts.ConnectionsLacking);
    }

    private static object Read(IConfiguration configuration, Type type, string section)
    {
        var options = Activator.CreateInstance(type)!;
        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw Wrong(e.Message, e);
        }

        List<ValidationResult> faults = [];
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return faults.Count == 0 ? options : throw Wrong(string.Join(' ', faults.Select(fault => $"{Names(section, fault)}: {fault.ErrorMessage}")));
    }

    private static string Names(string section, ValidationResult fault) => string.Join(", ", fault.MemberNames.Select(member => $"{section}:{member}"));

    private static StartException Wrong(string what, Exception? cause = null) =>
        new(what, "Correct it where it is set: a flag, an environment variable, or appsettings.json.", cause) { ExitCode = StartException.Misused };
}
