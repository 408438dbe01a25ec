using System.Text.Json;
using MoMo.Domain.Deliveries;
using MoMo.Edge;
using MoMo.Edge.Drops;
using MoMo.Edge.Mail;

namespace MoMo.Tests.Edge;

public sealed class FairPlacesTests
{
    [Fact]
    public async Task One_has_so_many_of_the_places_and_keeps_nobody_else_waiting()
    {
        using var places = new FairPlaces(8, 2);
        List<IDisposable> taken = [];
        foreach (var account in (string[])["a", "a", "b", "b", "c", "c", "d"]) taken.Add(await places.TakeAsync(account, CancellationToken.None));
        var third = places.TakeAsync("a", CancellationToken.None);
        Assert.False(third.IsCompleted);
        taken.Add(await places.TakeAsync("e", CancellationToken.None));

        // Now all places are taken.
        var last = places.TakeAsync("e", CancellationToken.None);
        Assert.False(last.IsCompleted);
        taken[2].Dispose();
        await last;
        taken[0].Dispose();
        await third;
    }

    [Fact]
    public async Task Who_waits_no_longer_keeps_no_place()
    {
        using var places = new FairPlaces(1, 1);
        var first = await places.TakeAsync("a", CancellationToken.None);
        using var late = new CancellationTokenSource();
        var (own, other) = (places.TakeAsync("a", late.Token), places.TakeAsync("b", late.Token));
        late.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => own);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        first.Dispose();
        (await places.TakeAsync("b", CancellationToken.None)).Dispose();
        (await places.TakeAsync("a", CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Uploads_wait_for_uploads_and_not_for_files_of_this_machine()
    {
        using var kind = new DropKind(new DropOptions { UploadsMax = 1 }, "/nowhere");
        var server = new { host = "sftp.example", user = "u", host_key = $"SHA256:{new string('a', 43)}" };
        var first = await kind.TurnAsync(To("a", server), CancellationToken.None);
        var second = kind.TurnAsync(To("b", server), CancellationToken.None);
        Assert.False(second.IsCompleted);
        (await kind.TurnAsync(To("a", new { }), CancellationToken.None))!.Dispose();
        first!.Dispose();
        (await second)!.Dispose();
    }

    [Fact]
    public async Task Messages_wait_for_a_connection_to_the_mail_server_and_an_account_has_a_quarter_of_them()
    {
        using var kind = new MailKind(new MailOptions { Host = "mail.example", ConnectionsMax = 8 }, TimeProvider.System);
        List<IDisposable?> taken = [await kind.TurnAsync(To("a", new { }), CancellationToken.None), await kind.TurnAsync(To("a", new { }), CancellationToken.None)];
        var third = kind.TurnAsync(To("a", new { }), CancellationToken.None);
        Assert.False(third.IsCompleted);
        foreach (var account in (string[])["b", "b", "c", "c", "d", "d"]) taken.Add(await kind.TurnAsync(To(account, new { }), CancellationToken.None));
        var ninth = kind.TurnAsync(To("e", new { }), CancellationToken.None);
        Assert.False(ninth.IsCompleted);
        taken[^1]!.Dispose();
        await ninth;
        taken[0]!.Dispose();
        await third;
    }

    private static LaneDestination To(string account, object settings) =>
        new(1, account, "file", new Uri("file:///x"), [], false) { Settings = JsonSerializer.SerializeToElement(settings) };
}
