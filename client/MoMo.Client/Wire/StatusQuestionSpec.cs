namespace MoMo.Client.Wire;

/// <summary>A payment that a PSP is to be asked about.</summary>
public sealed record StatusQuestionSpec
{
    /// <summary>What the adapter's status_url asks for payments by: MTN's X-Reference-Id, Pesapal's OrderTrackingId… At most 200 characters.</summary>
    public required string Reference { get; init; }

    /// <summary>
    /// Seconds until the PSP is asked first: 0 (default) to 86,400. Whoever announces a payment that has yet to be made leaves its callback some time.
    /// </summary>
    public int? AfterSeconds { get; init; }
}
