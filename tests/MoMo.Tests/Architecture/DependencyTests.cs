using System.Text.RegularExpressions;
using System.Xml.Linq;
using MoMo.Tests.Support;

namespace MoMo.Tests.Architecture;

/// <summary>Who may use whom: the table of docs/ARCHITECTURE.md, held against the project files.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MoMo.Engine"] = [],
        ["MoMo.Client"] = [],
        ["MoMo.Domain"] = ["MoMo.Engine"],
        ["MoMo.Storage"] = ["MoMo.Domain"],
        ["MoMo.Edge"] = ["MoMo.Domain"],
        ["MoMo.Silo"] = ["MoMo.Storage", "MoMo.Edge", "MoMo.Client"],
        ["MoMo.Cli"] = ["MoMo.Client"],
        ["MoMo.Simulator"] = ["MoMo.Domain", "MoMo.Edge", "MoMo.Storage"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_whom_it_may(string project)
    {
        var file = Directory.GetFiles(RepositoryFolder.Path, $"{project}.csproj", SearchOption.AllDirectories).Single();
        var used = XDocument.Load(file).Descendants("ProjectReference").Select(one => Path.GetFileNameWithoutExtension(one.Attribute("Include")!.Value));
        Assert.Empty(used.Except(Allowed[project]));
    }

    [Theory]
    [InlineData("src/MoMo.Engine")]
    [InlineData("src/MoMo.Domain")]
    [InlineData("client/MoMo.Client")]
    public void The_inner_projects_use_no_package(string folder)
    {
        var file = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, folder), "*.csproj").Single();
        Assert.Empty(XDocument.Load(file).Descendants("PackageReference"));
    }

    [Fact]
    public void The_engine_knows_nothing_of_payments()
    {
        foreach (var file in Sources("src/MoMo.Engine"))
            Assert.DoesNotMatch(new Regex(@"namespace MoMo\.(?!Engine)|using MoMo\.|\b(Payment|Account|Psp|Delivery)\b(?!s? of)"), Code(file));
    }

    [Fact]
    public void Money_is_never_a_floating_point_number()
    {
        foreach (var file in new[] { "src", "silo", "client" }.SelectMany(Sources))
            Assert.DoesNotMatch(new Regex(@"\b(double|float)\b\s+\w*([Aa]mount|[Bb]alance|[Mm]inor|[Mm]oney)"), Code(file));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.GetFiles(Path.Combine(RepositoryFolder.Path, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>The file without its comments: prose may speak of anything.</summary>
    private static string Code(string file) => string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
