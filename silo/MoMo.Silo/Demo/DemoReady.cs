namespace MoMo.Silo.Demo;

/// <summary>What the demo needs to run, once it is set up.</summary>
/// <param name="CallbackPath">Where M-Pesa calls; null when the adapter's id belongs to somebody else.</param>
/// <param name="Key">A key that may report payments of any PSP.</param>
/// <param name="Secrets">The signing keys of each account's webhooks.</param>
/// <param name="LiveAdapters">The adapters that the simulator stands for.</param>
internal sealed record DemoReady(
    string? CallbackPath, string Key, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Secrets, IReadOnlyList<string> LiveAdapters);
