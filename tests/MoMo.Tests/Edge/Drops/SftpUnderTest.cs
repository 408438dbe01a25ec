using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Channels;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Files on OpenSSH's own server.</summary>
internal sealed class SftpUnderTest : KindUnderTest
{
    private readonly TestFolder root = new();
    private readonly DropOptions options = new() { Timeout = TimeSpan.FromSeconds(20), PartMark = "half" };
    private DropKind? kind;
    private ServerProgram server = null!;
    private string fingerprint = "";
    private string key = "";

    /// <summary>What the kind keeps to; to be changed before it is used.</summary>
    public DropOptions Options => options;

    public string Folder => Path.Combine(root.Path, "in");

    public int Port => server.Port;

    /// <summary>Another port that leads to the server.</summary>
    public int? Through { get; set; }

    /// <summary>Another key than the server's.</summary>
    public string? WrongKey { get; set; }

    /// <summary>The private key that the server knows.</summary>
    public string Key => key;

    /// <summary>Others than those that the server knows.</summary>
    public Dictionary<string, string>? WrongCredentials { get; set; }

    public override IDestinationKind Kind => kind ??= new DropKind(options, root.Path);

    public override IReadOnlyList<string> Secrets => [key.Split('\n')[2]];

    protected override Uri Url => new("sftp://127.0.0.1/in");

    protected override object Settings =>
        new { host = "127.0.0.1", port = Through ?? server.Port, user = "root", path = Folder, host_key = WrongKey ?? fingerprint };

    protected override IReadOnlyDictionary<string, string> Credentials => WrongCredentials ?? new Dictionary<string, string> { ["private_key"] = key };

    /// <param name="denied">Requests that the server takes from nobody, with commas between.</param>
    public static async Task<SftpUnderTest> StartAsync(string? denied = null)
    {
        var test = new SftpUnderTest();
        test.options.AllowedNetworks.Add("127.0.0.0/8");
        Directory.CreateDirectory(test.Folder);
        test.server = await SftpChannelTests.StartAsync(test.root.Path, denied: denied);
        test.fingerprint = await SftpChannelTests.FingerprintAsync(test.root);
        test.key = await File.ReadAllTextAsync(Path.Combine(test.root.Path, "client"));
        return test;
    }

    public override async Task<IReadOnlyList<Guid>> ReceivedAsync()
    {
        List<Guid> ids = [];
        foreach (var file in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
            foreach (var line in await File.ReadAllLinesAsync(file)) ids.Add(JsonElement.Parse(line).GetProperty("delivery_id").GetGuid());
        return ids;
    }

    public override Task RefuseAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    public override Task ServeAsync()
    {
        Directory.CreateDirectory(Folder);
        return Task.CompletedTask;
    }

    public override Task LeaveAsync() => server.KillAsync();

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        root.Dispose();
    }
}
