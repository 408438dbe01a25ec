using MoMo.Storage.Management;
using MoMo.Storage.Secrets;
using MoMo.Tests.Support;
using Xunit.Abstractions;

namespace MoMo.Tests.Hosting;

/// <summary>A second silo on the same database needs the first one's keys, and says so before it takes any work.</summary>
public sealed class SecondSiloTests(ITestOutputHelper output)
{
    private const string Lost = "If they are lost for good, see SecretsLost in README.md.";

    [Fact]
    public async Task One_with_keys_of_its_own_does_not_start_and_one_with_the_firsts_does()
    {
        using var folder = new TestFolder();
        using var elsewhere = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using var one = new SiloProcess(output, folder.Path, database);
        await one.StartAsync();
        await using (var other = new SiloProcess(output, elsewhere.Path, database))
        {
            _ = other.Begin();
            Assert.Equal(1, await other.ExitAsync());
            await Eventually.TrueAsync(() => Task.FromResult(other.Log.Contains("README", StringComparison.Ordinal)), () => other.Log);
            var path = Path.Combine(elsewhere.Path, SecretKeys.FileName);
            Assert.Equal(
                $"""
                momo: The secrets of this database are sealed with another key 'k1' than the one in {path}.
                      Copy secrets.key from the first silo's data folder to {path}, or give its keys by MoMo:SecretKeys. {Lost}

                """.ReplaceLineEndings("\n"),
                other.Log[other.Log.IndexOf("momo: The secrets", StringComparison.Ordinal)..]); // behind what is said of the tests' server
        }

        foreach (var name in (string[])[SecretKeys.FileName, AdminKey.FileName])
            File.Copy(Path.Combine(folder.Path, name), Path.Combine(elsewhere.Path, name), true);
        await using var mended = new SiloProcess(output, elsewhere.Path, database);
        await mended.StartAsync();
        Assert.Equal(200, (await mended.Hub.GetAsync("/v1/accounts")).Status);
    }

    [Fact]
    public async Task Keys_that_are_lost_are_given_up_by_a_setting()
    {
        using var folder = new TestFolder();
        var database = await PostgresFixture.CreateDatabaseAsync();
        await using (var before = new SiloProcess(output, folder.Path, database)) await before.StartAsync();
        File.Delete(Path.Combine(folder.Path, SecretKeys.FileName));
        await using (var told = new SiloProcess(output, folder.Path, database, ("MoMo:SecretsLost", "true")))
        {
            await told.StartAsync();
            Assert.Contains("Given up: secrets sealed with k1. Set those of destinations, adapters and channels anew.", told.Log, StringComparison.Ordinal);
        }

        await using (var left = new SiloProcess(output, folder.Path, database, ("MoMo:SecretsLost", "true")))
        {
            await left.StartAsync();
            Assert.Contains("Nothing had to be given up: take MoMo:SecretsLost away", left.Log, StringComparison.Ordinal);
        }

        await using var after = new SiloProcess(output, folder.Path, database);
        await after.StartAsync();
        Assert.DoesNotContain("SecretsLost", after.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_can_not_be_read_is_told_in_a_sentence()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, SecretKeys.FileName);
        await File.WriteAllTextAsync(path, "k1 short\n");
        await using var silo = new SiloProcess(output, folder.Path, await PostgresFixture.CreateDatabaseAsync());
        _ = silo.Begin();
        Assert.Equal(1, await silo.ExitAsync());
        await Eventually.TrueAsync(() => Task.FromResult(silo.Log.Contains("Correct it there.", StringComparison.Ordinal)), () => silo.Log);
        Assert.Contains($"momo: {path}: key 'k1' must be 32 bytes in base64.\n", silo.Log.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Log, StringComparison.Ordinal);
    }
}
