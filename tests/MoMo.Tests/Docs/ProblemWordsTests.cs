using System.Text.RegularExpressions;
using MoMo.Silo.Docs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Docs;

public sealed partial class ProblemWordsTests
{
    [Fact]
    public void Every_code_that_the_api_may_answer_is_explained_once()
    {
        var explained = ProblemWords.Groups.SelectMany(group => group.Problems).Select(one => one.Code).ToList();
        Assert.Equal(explained.Count, explained.Distinct().Count());
        Assert.Equal([], InTheSources().Except(explained).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_has_a_place_for_each_code()
    {
        Assert.All(
            ProblemWords.Groups.SelectMany(group => group.Problems),
            one => Assert.Contains($"id=\"{one.Code}\"", ProblemsPage.Html.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", ProblemsPage.Html.Value, StringComparison.Ordinal);
    }

    private static HashSet<string> InTheSources()
    {
        string[] folders = ["silo/MoMo.Silo", "src/MoMo.Domain", "src/MoMo.Storage/Management", "src/MoMo.Storage/Journal", "src/MoMo.Edge/Webhooks"];
        return folders.SelectMany(folder => Directory.EnumerateFiles(RepositoryFolder.Find(folder.Split('/')), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Codes().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();
    }

    [GeneratedRegex("""(?:new Refusal\(|(?:Refusal\.Of|FieldFault|Fault)\(\s*[^",]*(?:"[^"]*"[^",]*)?,\s*)\s*"([a-z][a-z0-9-]*)",""")]
    private static partial Regex Codes();
}
