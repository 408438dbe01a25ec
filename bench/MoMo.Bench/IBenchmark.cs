namespace MoMo.Bench;

/// <summary>One question, answered in ratios.</summary>
internal interface IBenchmark
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>One line of the help.</summary>
    string Summary { get; }

    /// <summary>Measures, and adds its figures to the stage's report.</summary>
    Task RunAsync(Stage stage, CancellationToken cancellation);
}
