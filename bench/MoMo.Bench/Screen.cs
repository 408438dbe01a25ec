using System.Globalization;

namespace MoMo.Bench;

/// <summary>Progress while a run goes on, on the error output. On a terminal the last line is written over; in a pipe every line stays.</summary>
internal sealed class Screen(TextWriter output, bool terminal)
{
    private bool open;

    public void Title(string text)
    {
        Close();
        output.WriteLine($"\n{text}");
    }

    /// <summary>A line that stays.</summary>
    public void Say(string text)
    {
        Close();
        output.WriteLine($"  {text}");
    }

    /// <summary>What goes on right now; the next line takes its place.</summary>
    public void Now(string text)
    {
        if (!terminal) return;
        output.Write($"\r\u001b[K  {text} ...");
        open = true;
    }

    public static string Count(double number) => number.ToString(Math.Abs(number) < 100 ? "#,0.##" : "#,0", CultureInfo.InvariantCulture);

    private void Close()
    {
        if (open) output.Write("\r\u001b[K");
        open = false;
    }
}
