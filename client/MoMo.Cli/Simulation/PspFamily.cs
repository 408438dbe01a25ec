using System.Text;
using MoMo.Cli.Simulation.Families;

namespace MoMo.Cli.Simulation;

/// <summary>
/// A kind of PSP that can be simulated: how its messages look and are signed, and what its answers mean. It is written from the PSP's documents and
/// knows nothing of how the hub reads. A new kind is one class, named in <see cref="All"/>.
/// </summary>
internal abstract class PspFamily
{
    /// <summary>Every kind there is, by name.</summary>
    public static readonly IReadOnlyList<PspFamily> All =
    [
        new AirtelFamily(), new FlutterwaveV3Family(), new FlutterwaveV4Family(), new JsonFamily(), new MixxFamily(), new MPesaFamily(),
        new MPesaStkFamily(),        new MPesaTanzaniaFamily(), new MtnFamily(), new OrangeFamily(), new PaystackFamily(), new PesapalFamily(), new SelcomFamily(),
        new SelcomCheckoutFamily(), new WaveFamily(),
    ];

    /// <summary>Only this machine may call: what an adapter needs whose PSP is known by its addresses.</summary>
    protected const string LoopbackOnly = """{"addresses":["127.0.0.0/8","::1"]}""";

    /// <summary>As on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Format of its adapter.</summary>
    public abstract string Format { get; }

    /// <summary>What its payments are in.</summary>
    public virtual string Currency => "KES";

    /// <summary>Settings of the adapter that the simulation makes for itself, as JSON; null for none.</summary>
    public virtual string? Settings => null;

    /// <summary>Rules of the adapter that the simulation makes for itself, as JSON; null for the standard ones.</summary>
    public virtual string? Rules(string account) => null;

    /// <summary>Whether its messages go to a secret path of the adapter.</summary>
    public virtual bool Calls => true;

    /// <summary>The adapter's credential that it signs with; null when this PSP signs nothing.</summary>
    public virtual string? Credential => null;

    /// <summary>Whether its message is the payment; else it only says that there is one, and the hub notes it for somebody to ask.</summary>
    public virtual bool Pays => true;

    /// <summary>Whether a repeat is answered otherwise than the first.</summary>
    public virtual bool TellsRepeats => false;

    /// <summary>Whether a repeat with another amount is answered otherwise than the first. Else it is received, or the PSP would never stop.</summary>
    public virtual bool TellsDifferences => false;

    /// <summary>The message of a payment, addressed and signed as <paramref name="line"/> says.</summary>
    public abstract HttpRequestMessage Tell(SimulatedPayment payment, SimulatedLine line);

    /// <summary>Whether it asks before the money moves: <see cref="Ask"/> has a message then.</summary>
    public virtual bool Asks => false;

    /// <summary>What this PSP asks before the money moves, where it can; the answer means <c>taken</c> when the payment may be made.</summary>
    public virtual HttpRequestMessage? Ask(SimulatedPayment payment, SimulatedLine line) => null;

    /// <summary>
    /// What the hub's answer means in words: <c>taken</c>, <c>taken before</c>, <c>differs</c>, <c>refused</c>, <c>not admitted</c> or <c>busy</c>.
    /// </summary>
    public virtual string Judge(int status, string body) => status switch
    {
        >= 200 and < 300 => "taken",
        401 or 403 or 404 => "not admitted",
        429 or 503 => "busy",
        _ => "refused",
    };

    protected static HttpRequestMessage Send(string path, string body, string mediaType = "application/json", HttpMethod? method = null) =>
        new(method ?? HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    /// <summary>Adds a header to a message.</summary>
    protected static HttpRequestMessage With(HttpRequestMessage message, string header, string value)
    {
        message.Headers.TryAddWithoutValidation(header, value);
        return message;
    }
}
