using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using MoMo.Storage.Cluster;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Hosting;

/// <summary>Says for people why the silo does not start. What is a fault of ours keeps its stack trace.</summary>
internal static class StartFailure
{
    /// <summary>What is wrong and what to do, a line each; null when that can't be said.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        StartException start => Lines(start.Message, start.Next),
        PrivateClusterException cluster => Lines(cluster.Message, "Or give a database of yours: ./momo up --database CONNECTION"),
        SecretException secret => Lines(secret.Message, "Correct it there. Keep a copy of the keys: without them the secrets in the database are lost."),
        OptionsValidationException wrong => Lines(wrong.Message, "Correct it where it is set: a flag, an environment variable, or appsettings.json."),
        // Somebody was faster between our look and the server's.
        IOException { InnerException: AddressInUseException } taken => Lines(taken.Message, FreeAddresses.Elsewhere),
        _ => null,
    };

    private static string Lines(string what, string next) => $"momo: {what}\n      {next}";
}
