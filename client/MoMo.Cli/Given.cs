using System.CommandLine;

namespace MoMo.Cli;

/// <summary>Short ways to say what a verb may be given.</summary>
internal static class Given
{
    public static Argument<string> Argument(string name, string description) => new(name) { Description = description };

    /// <summary>An option that must be there.</summary>
    public static Option<string> Needed(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value, Required = true };

    public static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    public static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name) { Description = description, HelpName = "TIME", CustomParser = TimeText.Read };

    /// <summary>The lowest number of an account that is asked for, which is named too.</summary>
    public static Option<long?> FirstNumber() => new("--from-number") { Description = "With this number of the account or a higher one.", HelpName = "N" };

    /// <summary>The highest one.</summary>
    public static Option<long?> LastNumber() => new("--to-number") { Description = "With this number of the account or a lower one.", HelpName = "N" };

    /// <summary>An option that leaves things as they are when it is not there.</summary>
    public static Option<bool?> YesNo(string name, string description) =>
        new(name) { Description = $"true or false: {description}", HelpName = "BOOL" };
}
