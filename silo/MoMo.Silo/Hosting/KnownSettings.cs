using System.Collections;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Questions;
using MoMo.Edge.Channels;
using MoMo.Edge.Drops;
using MoMo.Edge.Mail;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Demo;
using MoMo.Storage.Cluster;

namespace MoMo.Silo.Hosting;

/// <summary>The settings that there are, by the options that read them: a mistyped one is found before it changes nothing.</summary>
internal static class KnownSettings
{
    private static readonly Dictionary<Type, string> Sections = new()
    {
        [typeof(HubOptions)] = "MoMo",
        [typeof(ChannelOptions)] = "MoMo:Channels",
        [typeof(PrivateClusterOptions)] = "MoMo:Database",
        [typeof(DelivererOptions)] = "MoMo:Deliveries",
        [typeof(DemoOptions)] = "MoMo:DemoOptions",
        [typeof(DropOptions)] = "MoMo:Files",
        [typeof(JournalOptions)] = "MoMo:Journal",
        [typeof(MailOptions)] = "MoMo:Mail",
        [typeof(QuestionOptions)] = "MoMo:Questions",
        [typeof(WebhookOptions)] = "MoMo:Webhooks",
    };

    /// <summary>Sections of the framework, and what OpenTelemetry calls its settings: they have names that we don't know.</summary>
    private static readonly string[] Foreign = ["Kestrel:", "Logging:", "OTEL_"];

    /// <summary>Those that are read before there are options.</summary>
    private static readonly string[] Single = ["MoMo:Database", "MoMo:Database:ConnectionString", "MoMo:Database:OwnerConnectionString", "MoMo:Log"];

    private static readonly Lazy<Dictionary<string, bool>> Settings = new(() => Single.Select(name => (Name: name, IsList: false))
        .Concat(Sections.SelectMany(section => section.Key.GetProperties().Select(one => (Name: $"{section.Value}:{one.Name}", IsList: IsList(one.PropertyType)))))
        .ToDictionary(one => one.Name, one => one.IsList, StringComparer.OrdinalIgnoreCase));

    /// <summary>Full names of the hub's own settings, such as <c>MoMo:Journal:QueueMax</c>; of a list its first, such as <c>MoMo:SecretKeys:0</c>.</summary>
    public static IEnumerable<string> Names => Settings.Value.Select(one => one.Value ? $"{one.Key}:0" : one.Key);

    /// <summary>Each kind of options, and the section that it is read from.</summary>
    public static IEnumerable<(Type Options, string Section)> All => Sections.Select(one => (one.Key, one.Value));

    /// <summary>The section that options are read from.</summary>
    public static string SectionOf<T>() where T : class => Sections[typeof(T)];

    /// <summary>Refuses settings of the hub that there are not, wherever they were made.</summary>
    /// <exception cref="StartException">There is one. To go on without it would make another hub than was meant: a new database, perhaps.</exception>
    public static void Require(IConfiguration configuration)
    {
        foreach (var (name, value) in configuration.GetSection("MoMo").AsEnumerable())
        {
            // An empty list is nothing to be read, and a variable of that very name is somebody else's.
            var isList = Settings.Value.GetValueOrDefault(name);
            if (value is null || Has(name) || (isList && value.Length == 0) || !name.Contains(':', StringComparison.Ordinal)) continue;
            throw new StartException(
                $"The hub has no setting '{name}'.{NearestName.Hint(name, Names)}",
                $"It is set in the environment, as {name.Replace(":", "__", StringComparison.Ordinal)}, or in an appsettings file.") { ExitCode = StartException.Misused };
        }
    }

    /// <summary>Whether there is such a setting; those of others are believed.</summary>
    /// <param name="name">The full name, in any case.</param>
    public static bool Has(string name)
    {
        if (Foreign.Any(section => name.Length > section.Length && name.StartsWith(section, StringComparison.OrdinalIgnoreCase))) return true;
        if (Settings.Value.TryGetValue(name, out var isList)) return !isList;
        var end = name.LastIndexOf(':');
        return end > 0 && end < name.Length - 1 && Settings.Value.TryGetValue(name[..end], out var ofList) && ofList;
    }

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);
}
