namespace MoMo.Silo.Demo;

/// <summary>A webhook that the account server received.</summary>
/// <param name="At">When.</param>
/// <param name="Account">Whose.</param>
/// <param name="WebhookId">The same on every attempt.</param>
/// <param name="Type">Such as <c>payment.accepted</c>.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Verdict"><c>new</c>, <c>repeat</c>, <c>refused on purpose</c>, or why it is not believed.</param>
/// <param name="Status">What was answered.</param>
/// <param name="Sequence">The account's number of the payment.</param>
/// <param name="Amount">As text.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Psp">Who moved the money.</param>
/// <param name="PspReference">The PSP's id.</param>
/// <param name="ReferenceId">The customer.</param>
internal sealed record DemoEvent(
    DateTimeOffset At, string Account, string? WebhookId, string? Type, int Attempt, string Verdict, int Status, long Sequence, string? Amount,
    string? Currency, string? Psp, string? PspReference, string? ReferenceId);
