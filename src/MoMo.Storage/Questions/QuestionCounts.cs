namespace MoMo.Storage.Questions;

/// <summary>What asking brought.</summary>
/// <param name="Asked">Questions.</param>
/// <param name="Rung">Of them those that a callback rang for.</param>
/// <param name="Waiting">Those that are asked still.</param>
/// <param name="Found">Those that found a payment.</param>
/// <param name="FoundByDoorbell">Of them those that a callback rang for.</param>
/// <param name="FoundLost">Payments that no callback told of, and that nobody would have known without asking.</param>
/// <param name="Failed">Those whose PSP said that no live money came in.</param>
/// <param name="Reversed">Those whose PSP said that it took the payment back.</param>
/// <param name="Conflicts">Those that somebody must look at, because the answer contradicts a payment or can't be taken.</param>
/// <param name="GivenUp">Those that got no final answer in time.</param>
public sealed record QuestionCounts(
    long Asked, long Rung, long Waiting, long Found, long FoundByDoorbell, long FoundLost, long Failed, long Reversed, long Conflicts, long GivenUp);
