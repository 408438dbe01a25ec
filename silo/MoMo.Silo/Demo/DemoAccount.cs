namespace MoMo.Silo.Demo;

/// <summary>An account of the demo.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="References">Customers that are registered with the hub: id and name.</param>
/// <param name="LookupPrefix">References that its own server knows begin with this; null when it answers no lookups.</param>
/// <param name="FailsEvery">Each so-manieth first attempt is answered with 503; 0 for never.</param>
internal sealed record DemoAccount(string Id, string Name, IReadOnlyList<(string Id, string Name)> References, string? LookupPrefix, int FailsEvery)
{
    /// <summary>The accounts of the demo.</summary>
    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new("acme", "Acme Energy", [("4711", "Jane Wanjiru"), ("4712", "Otieno Hardware"), ("4713", "Nakato Salon"), ("INV/17", "Upendo School")], null, 0),
        new("solar-one", "Solar One", [("SOL-1001", "Amina Yusuf"), ("SOL-1002", "Mwangi Farm"), ("SOL-1003", "Kato Brothers")], null, 5),
        new("aqua-pay", "Aqua Pay", [], "AQ-", 0),
    ];
}
