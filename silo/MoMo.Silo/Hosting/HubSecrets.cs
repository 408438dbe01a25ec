using Microsoft.Extensions.Options;
using MoMo.Storage.Secrets;

namespace MoMo.Silo.Hosting;

/// <summary>Looks whether the silo has the keys of the secrets in its database, before it takes any work.</summary>
internal static class HubSecrets
{
    /// <exception cref="StartException">It has others, or lacks one.</exception>
    /// <exception cref="SecretException">Its own can't be read.</exception>
    public static async Task RequireAsync(IServiceProvider services, CancellationToken cancellation = default)
    {
        var (keys, marks) = (services.GetRequiredService<SecretKeys>(), services.GetRequiredService<SecretMarks>());
        try
        {
            var given = services.GetRequiredService<IOptions<HubOptions>>().Value.SecretsLost;
            var lost = await marks.EnsureAsync(given, cancellation);
            if (lost.Count > 0)
                await Console.Error.WriteLineAsync(
                    $"Given up: secrets sealed with {string.Join(", ", lost)}. Set those of destinations, adapters and channels anew.");
            else if (given)
                await Console.Error.WriteLineAsync(
                    "Nothing had to be given up: take MoMo:SecretsLost away, or the next start without the right keys gives up every secret.");
        }
        catch (SecretException e)
        {
            throw new StartException(e.Message, Next(keys), e);
        }
    }

    private static string Next(SecretKeys keys) => keys.Source == SecretKeys.Setting
        ? $"Give {SecretKeys.Setting} the keys in {SecretKeys.FileName} of the first silo's data folder, id:base64 each. "
            + "If they are lost for good, see SecretsLost in README.md."
        : $"Copy {SecretKeys.FileName} from the first silo's data folder to {keys.Source}, or give its keys by {SecretKeys.Setting}. "
            + "If they are lost for good, see SecretsLost in README.md.";
}
