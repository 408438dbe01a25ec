using System.ComponentModel.DataAnnotations;

namespace MoMo.Domain.Questions;

/// <summary>What is kept of questions to PSPs. Configuration section <c>MoMo:Questions</c>.</summary>
public sealed class QuestionOptions
{
    /// <summary>
    /// How long a question is kept after its end. From 1 to 3,650 days; 90 days by default. The answers' bytes, the payments made of them and the
    /// messages about what was given up stay for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(90);
}
