using System.Runtime.Versioning;
using MoMo.Storage.Disk;
using MoMo.Storage.Secrets;
using MoMo.Tests.Support;

namespace MoMo.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class SecretKeysTests : IDisposable
{
    private readonly TestFolder folder = new();

    private string KeyFile => Path.Combine(folder.Path, SecretKeys.FileName);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_key_file_is_made_once_and_only_its_owner_may_read_it()
    {
        var text = new SecretBox(SecretKeys.LoadOrCreate(folder.Path)).Seal("test", "hunter2");
        Assert.Equal("hunter2", new SecretBox(SecretKeys.LoadOrCreate(folder.Path)).Open("test", text));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Silos_that_start_together_get_the_same_key()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => new SecretBox(SecretKeys.LoadOrCreate(folder.Path)).Seal("test", "hunter2"))));
        var box = new SecretBox(SecretKeys.LoadOrCreate(folder.Path));
        Assert.All(texts, text => Assert.Equal("hunter2", box.Open("test", text)));
    }

    [Fact]
    public void Configured_keys_win_and_no_file_is_made()
    {
        var key = Convert.ToBase64String(new byte[32]);
        var keys = SecretKeys.LoadOrCreate(folder.Path, [$"b:{key}", $"a:{key}"]);
        Assert.Equal("b", keys.SealingId);
        Assert.Equal(["b", "a"], keys.Ids);
        Assert.False(File.Exists(KeyFile));
    }

    [Theory]
    [InlineData("", "there is no key")]
    [InlineData("# only a comment\n\n", "there is no key")]
    [InlineData("k1", "a key's id, a space and the key")]
    [InlineData("k1 c2hvcnQ=", "must be 32 bytes")]
    [InlineData("k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "must be 32 bytes")]
    [InlineData("K1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "a-z")]
    [InlineData("a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\na AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "twice")]
    public void A_wrong_key_file_is_refused_by_name_and_its_keys_are_not_shown(string content, string said)
    {
        File.WriteAllText(KeyFile, content);
        var message = Assert.Throws<SecretException>(() => SecretKeys.LoadOrCreate(folder.Path)).Message;
        Assert.Contains(KeyFile, message);
        Assert.Contains(said, message);
        Assert.DoesNotContain("AAAA", message);
    }

    [Fact]
    public void A_secret_file_is_replaced_whole_with_its_mode()
    {
        var path = Path.Combine(folder.Path, "admin.key");
        File.WriteAllText(path, "readable by all");
        SmallFile.WriteSecret(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(SmallFile.TryCreateSecret(path, "newer"));
        Assert.Equal("new", File.ReadAllText(path));
    }
}
