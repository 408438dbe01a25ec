using MoMo.Storage.Cluster;
using MoMo.Tests.Support;

namespace MoMo.Tests.Storage;

public sealed class ServerBinariesTests : IDisposable
{
    private static readonly IReadOnlyList<string> Places = ServerBinaries.Places(Environment.GetEnvironmentVariable("PATH"));
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_programs_of_this_machine_are_found()
    {
        var found = await ServerBinaries.FindAsync(null, Places, null, default);
        Assert.True(File.Exists(Path.Combine(found.Folder, "initdb")));
        Assert.True(found.Major >= ServerBinaries.MajorMin);
    }

    [Fact]
    public async Task A_link_to_the_server_leads_to_the_folder_of_all_programs()
    {
        var real = await ServerBinaries.FindAsync(null, Places, null, default);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "postgres"), Path.Combine(real.Folder, "postgres"));
        Assert.Equal(real, await ServerBinaries.FindAsync(folder.Path, [], null, default));
    }

    [Fact]
    public async Task Without_programs_the_message_says_what_to_install_or_set()
    {
        var message = await RefusalAsync(null, [folder.Path], null);
        Assert.Contains("apt install postgresql", message);
        Assert.Contains("MoMo:Database:BinFolder", message);
        Assert.Contains("MoMo:Database:ConnectionString", message);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_and_nothing_else_is_tried()
    {
        var message = await RefusalAsync(folder.Path, Places, null);
        Assert.Contains(folder.Path, message);
        Assert.Contains("MoMo:Database:BinFolder", message);
    }

    [Fact]
    public async Task A_cluster_of_another_version_asks_for_that_version()
    {
        var message = await RefusalAsync(null, Places, 9);
        Assert.Contains("made by PostgreSQL 9", message);
        Assert.Contains("postgresql-9", message);
    }

    private static async Task<string> RefusalAsync(string? binFolder, IReadOnlyList<string> places, int? major) =>
        (await Assert.ThrowsAsync<PrivateClusterException>(() => ServerBinaries.FindAsync(binFolder, places, major, default))).Message;
}
