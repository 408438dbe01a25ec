using System.Globalization;

namespace MoMo.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">Benchmarks to run; empty for all.</param>
/// <param name="Scale">How much and how long.</param>
/// <param name="Folder">Where the database and the silos keep their data; null for the temporary folder.</param>
/// <param name="Help">Only teach.</param>
internal sealed record Arguments(IReadOnlyList<string> Names, Scale Scale, string? Folder, bool Help)
{
    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">It is wrong; the message says how.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var rest = new Queue<string>(args);
        List<string> names = [];
        var (quick, help) = (false, false);
        (int? rounds, int? seconds, string? folder) = (null, null, null);
        while (rest.TryDequeue(out var argument))
        {
            switch (argument)
            {
                case "-h" or "--help":
                    help = true;
                    break;
                case "--quick":
                    quick = true;
                    break;
                case "--rounds":
                    rounds = Number(rest, argument, 1, 20);
                    break;
                case "--seconds":
                    seconds = Number(rest, argument, 1, 600);
                    break;
                case "--folder":
                    folder = Value(rest, argument);
                    break;
                default:
                    if (!Suite.All.Any(benchmark => benchmark.Name == argument))
                        throw new ArgumentException($"'{argument}' is no benchmark and no option.");
                    names.Add(argument);
                    break;
            }
        }

        var scale = quick ? Scale.Quick : Scale.Full;
        return new Arguments(
            names, scale with { Rounds = rounds ?? scale.Rounds, LegSeconds = seconds ?? scale.LegSeconds }, folder, help);
    }

    private static string Value(Queue<string> rest, string option) =>
        rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{option} needs a value.");

    private static int Number(Queue<string> rest, string option, int min, int max) =>
        int.TryParse(Value(rest, option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{option} is a whole number from {min} to {max}.");
}
