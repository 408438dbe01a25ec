using System.Text;
using MoMo.Domain.Payments;
using MoMo.Domain.Proofs;
using MoMo.Domain.Reversals;
using MoMo.Storage.Management;
using MoMo.Tests.Support;

namespace MoMo.Tests.Storage;

/// <summary>Whose money was taken back stays, even if none of it ever came.</summary>
public sealed class UseTests
{
    [Fact]
    public async Task A_PSP_and_an_adapter_with_nothing_but_reversals_are_in_use()
    {
        var database = await JournalHost.PrepareAsync(1);
        await using var silo = JournalHost.Start(database);
        var (adapters, psps) = (new AdapterStore(silo.Database, TimeProvider.System), new PspStore(silo.Database, TimeProvider.System));
        Assert.NotNull((await adapters.CreateAsync(new AdapterDraft("x", "psp", "X", "json", null, null, false), CancellationToken.None)).Accepted);
        var notice = new ReversalNotice { Psp = "psp", PspReference = "V1", Adapter = "x", OriginalReference = "R1", Amount = Money.Parse("1.00", "KES").Accepted! };
        var proof = Proof.OfMessage(Encoding.UTF8.GetBytes("V1"), "{}");
        await silo.Accounts.Of(null).Reverse(new TakeReversal(silo.Ids.Next(), notice, proof, TimeProvider.System.GetUtcNow(), null));

        var refused = (await adapters.DeleteAsync("x", VersionMatch.Any, CancellationToken.None)).Refused!;
        Assert.Equal("in-use", refused.Code);
        Assert.Contains("reversals", refused.Detail, StringComparison.Ordinal);
        await Sql.DoAsync(database.OwnerConnectionString, "DELETE FROM adapters");
        refused = (await psps.DeleteAsync("psp", VersionMatch.Any, CancellationToken.None)).Refused!;
        Assert.Equal("in-use", refused.Code);
        Assert.Contains("reversals", refused.Detail, StringComparison.Ordinal);
    }
}
