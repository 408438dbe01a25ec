using System.Text;
using System.Text.Encodings.Web;
using MoMo.Silo.Api;

namespace MoMo.Silo.Docs;

/// <summary>The page that a problem's type leads to: every code, what it means and what to do.</summary>
internal static class ProblemsPage
{
    public static Lazy<string> Html { get; } = new(Make);

    private static string Make()
    {
        var text = new StringBuilder();
        foreach (var (heading, about, problems) in ProblemWords.Groups)
        {
            text.Append("<section><h2>").Append(Plain(heading)).Append("</h2><p class=\"about\">").Append(Plain(about)).Append("</p>\n");
            foreach (var problem in problems) Add(text, problem);
            text.Append("</section>\n");
        }

        return Embedded.Text("problems.html").Replace("{{problems}}", text.ToString(), StringComparison.Ordinal);
    }

    private static void Add(StringBuilder text, ProblemWord problem) =>
        text.Append("<article id=\"").Append(problem.Code).Append("\"><h3><a href=\"#").Append(problem.Code).Append("\">").Append(problem.Code)
            .Append("</a><span class=\"status s").Append(problem.Status / 100).Append("\">").Append(problem.Status).Append("</span></h3><p>")
            .Append(Plain(problem.Meaning)).Append("</p><p class=\"do\">").Append(Plain(problem.ToDo)).Append("</p></article>\n");

    private static string Plain(string text) => HtmlEncoder.Default.Encode(text);
}
