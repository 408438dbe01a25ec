using System.Globalization;

namespace MoMo.Tests.Support;

/// <summary>
/// A silo for the tests of one class: PSP <c>psp</c>; account <c>acme</c>, told by webhook, with references 4711 and 0815; account <c>beta</c> with
/// references 0815 and b-1.
/// </summary>
public sealed class HubFixture : IAsyncLifetime
{
    private static int made;

    internal SiloHost Silo { get; private set; } = null!;

    internal AccountServer Server { get; private set; } = null!;

    internal HubClient Hub => Silo.Hub;

    internal string ConnectionString => Silo.Database.AppConnectionString;

    /// <summary>A reference that no other test uses.</summary>
    public static string Fresh() => string.Create(CultureInfo.InvariantCulture, $"F{Interlocked.Increment(ref made)}");

    public async Task InitializeAsync()
    {
        Server = await AccountServer.StartAsync();
        Silo = await SiloHost.StartAsync(null, ("MoMo:Deliveries:Grace", "00:00:00"));
        await Hub.AddPspAsync("psp");
        await Hub.AddAccountAsync("acme");
        await Hub.AddAccountAsync("beta");
        await Hub.AddWebhookAsync("acme", Server);
        await Hub.AddReferenceAsync("acme", "4711");
        await Hub.AddReferenceAsync("acme", "0815");
        await Hub.AddReferenceAsync("beta", "0815");
        await Hub.AddReferenceAsync("beta", "b-1");
    }

    public async Task DisposeAsync()
    {
        await JournalHost.AssertLawfulAsync(Silo.Database);
        await Silo.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal Task<long> CountAsync(string condition) => Sql.AskAsync<long>(ConnectionString, $"SELECT count(*) FROM {condition}");
}
