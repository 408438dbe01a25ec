using System.Text.RegularExpressions;
using MoMo.Tests.Support;

namespace MoMo.Tests.Architecture;

/// <summary>Style as a test.</summary>
public sealed class TidyTests
{
    private const int LineMax = 170;
    private const int FileMax = 420;

    private static IEnumerable<string> Sources => Directory.GetFiles(RepositoryFolder.Path, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Regex.IsMatch(file, "/(obj|bin|node_modules)/"));

    private static IEnumerable<string> Documents => Directory.GetFiles(RepositoryFolder.Path, "*.md", SearchOption.TopDirectoryOnly)
        .Concat(Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "docs"), "*.md"));

    [Fact]
    public void No_production_file_is_longer_than_one_concept()
    {
        var offenders = Sources.Where(file => !file.Contains("/tests/", StringComparison.Ordinal))
            .Select(file => (file, Lines: File.ReadLines(file).Count())).Where(one => one.Lines > FileMax).Select(one => $"{one.file}: {one.Lines}");
        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_is_left_undone_in_the_code()
    {
        var undone = new Regex(@"NotImplemented" + @"Exception|\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b");
        Assert.All(Sources, file => Assert.DoesNotContain(File.ReadLines(file), line => undone.IsMatch(line)));
    }

    [Fact]
    public void No_link_between_documents_is_dead()
    {
        foreach (var document in Documents)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)"))
            {
                var target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{Path.GetFileName(document)} links to {link.Groups[1].Value}, which is not there.");
            }
        }
    }

    [Fact]
    public void Every_file_that_a_document_names_is_there()
    {
        var names = 0;
        foreach (var document in Documents)
        {
            foreach (Match name in Regex.Matches(File.ReadAllText(document), @"`((?:src|silo|client|tests|bench|sim|examples|docs)/[\w./-]+)`"))
            {
                var target = Path.Combine(RepositoryFolder.Path, name.Groups[1].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{Path.GetFileName(document)} names {name.Groups[1].Value}, which is not there.");
                names++;
            }
        }

        Assert.True(names > 20, $"Only {names} files are named.");
    }

    [Fact]
    public void Lines_can_be_read_without_scrolling()
    {
        var offenders = Sources.Where(file => !file.Contains("/tests/", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((line, number) => (file, number, line)))
            .Where(one => one.line.Length > LineMax && !one.line.Contains('"', StringComparison.Ordinal)).Select(one => $"{one.file}:{one.number + 1}");
        Assert.Empty(offenders);
    }
}
