namespace MoMo.Domain.Questions;

/// <summary>How states and origins of questions are called in the API and the database.</summary>
public static class QuestionWords
{
    /// <summary>All states, as they are called.</summary>
    public static IReadOnlyList<string> States { get; } = [.. Enum.GetValues<QuestionState>().Select(Word)];

    /// <summary>The state's name: <c>waiting</c>, <c>found</c>, <c>failed</c>, <c>reversed</c>, <c>conflict</c> or <c>given_up</c>.</summary>
    public static string Word(this QuestionState state) => state == QuestionState.GivenUp ? "given_up" : state.ToString().ToLowerInvariant();

    /// <summary>The origin's name: <c>doorbell</c>, <c>operator</c> or <c>announced</c>.</summary>
    public static string Word(this QuestionOrigin origin) => origin.ToString().ToLowerInvariant();

    /// <summary>The state of this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static QuestionState State(string word) =>
        Enum.GetValues<QuestionState>().Cast<QuestionState?>().FirstOrDefault(state => state!.Value.Word() == word)
            ?? throw new FormatException($"No question is '{word}'.");

    /// <summary>The origin of this name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static QuestionOrigin Origin(string word) =>
        Enum.GetValues<QuestionOrigin>().Cast<QuestionOrigin?>().FirstOrDefault(origin => origin!.Value.Word() == word)
            ?? throw new FormatException($"No question comes from '{word}'.");
}
