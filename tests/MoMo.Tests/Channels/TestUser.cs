namespace MoMo.Tests.Channels;

/// <summary>A user of this machine that tests log in as, made by the first test that needs one. Its password is for loopback only.</summary>
internal static class TestUser
{
    public const string Name = "momo-channel-test";

    public const string Password = "Th1s is 0nly for tests";

    private static readonly Lazy<Task> Made = new(MakeAsync);

    public static Task EnsureAsync() => Made.Value;

    private static async Task MakeAsync()
    {
        if (!(await File.ReadAllTextAsync("/etc/passwd")).Contains($"{Name}:", StringComparison.Ordinal))
            await ServerProgram.RunAsync("/usr/sbin/useradd", "--no-create-home", "--home-dir", "/tmp", "--shell", "/bin/sh", Name);
        var hash = (await ServerProgram.RunAsync("/usr/bin/openssl", "passwd", "-6", Password)).Trim();
        await ServerProgram.RunAsync("/usr/sbin/usermod", "--password", hash, Name);
    }
}
