using MoMo.Client.Wire;

namespace MoMo.Cli.Simulation;

/// <summary>A kind of PSP that can be simulated: how its messages look, and what its answers mean. A new kind is one class, named in <see cref="All"/>.</summary>
internal abstract class PspFamily
{
    /// <summary>Every kind there is.</summary>
    public static readonly IReadOnlyList<PspFamily> All = [new JsonFamily(), new MPesaFamily()];

    /// <summary>As on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Format of its adapter.</summary>
    public abstract string Format { get; }

    /// <summary>Settings of the adapter that the simulation makes for itself, as JSON; null for none.</summary>
    public virtual string? Settings => null;

    /// <summary>Whether its messages go to a secret path of the adapter.</summary>
    public virtual bool Calls => true;

    /// <summary>The message of a payment.</summary>
    /// <param name="payment">What it tells.</param>
    /// <param name="adapter">The adapter that it goes to, with its callback path.</param>
    /// <param name="key">The key of who calls the API.</param>
    /// <param name="wrongly">As somebody would send it who does not know the secret.</param>
    public abstract HttpRequestMessage Tell(SimulatedPayment payment, AdapterView adapter, string? key, bool wrongly);

    /// <summary>What the hub's answer means in a word: <c>taken</c>, <c>taken before</c>, <c>refused</c> or <c>not admitted</c>.</summary>
    public abstract string Judge(int status, string body);
}
