namespace MoMo.Tests.Support;

/// <summary>Waits for what an accounts' server gets.</summary>
internal static class AccountServerWaits
{
    extension(AccountServer server)
    {
        /// <summary>Ends when a webhook that fits has come.</summary>
        public Task HasAsync(Func<ReceivedWebhook, bool> fits, string what) => Eventually.TrueAsync(
            () => server.Received.Any(fits),
            () => $"{what} (came: {string.Join(", ", server.Received.TakeLast(20))}; faults: {string.Join(", ", server.Faults)})");
    }
}
