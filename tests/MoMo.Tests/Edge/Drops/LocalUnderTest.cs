using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Drops;
using MoMo.Tests.Specs;
using MoMo.Tests.Support;

namespace MoMo.Tests.Edge.Drops;

/// <summary>Files in a folder of this machine.</summary>
internal sealed class LocalUnderTest(string format = "ndjson") : KindUnderTest
{
    private readonly TestFolder root = new();

    public string Folder => Path.Combine(root.Path, "outbox", "acme", "in");

    public override IDestinationKind Kind => new DropKind(new DropOptions { PartMark = "half" }, Path.Combine(root.Path, "outbox"));

    protected override Uri Url => new($"file://{Folder}");

    protected override object Settings => new { path = "in", format };

    public override async Task<IReadOnlyList<Guid>> ReceivedAsync()
    {
        List<Guid> ids = [];
        foreach (var file in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
            foreach (var line in await File.ReadAllLinesAsync(file)) ids.Add(JsonElement.Parse(line).GetProperty("delivery_id").GetGuid());
        return ids;
    }

    public override async Task RefuseAsync()
    {
        // A file where the folder should be: root may write anywhere else.
        Directory.CreateDirectory(Path.GetDirectoryName(Folder)!);
        await File.WriteAllTextAsync(Folder, "");
    }

    public override Task ServeAsync()
    {
        File.Delete(Folder);
        return Task.CompletedTask;
    }

    public override Task LeaveAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder)!);
        File.CreateSymbolicLink(Folder, Path.Combine(root.Path, "elsewhere"));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        root.Dispose();
        return ValueTask.CompletedTask;
    }
}
