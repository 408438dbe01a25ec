namespace MoMo.Storage.Questions;

/// <summary>Questions that were given up and fit what somebody wants asked again.</summary>
/// <param name="Total">How many.</param>
/// <param name="Asked">Those that are asked again now.</param>
/// <param name="First">When the first of them was given up; null when there is none.</param>
/// <param name="Last">When the last of them was given up.</param>
public sealed record QuestionsAgain(long Total, long Asked, DateTimeOffset? First, DateTimeOffset? Last);
