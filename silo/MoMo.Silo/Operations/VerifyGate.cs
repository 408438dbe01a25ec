namespace MoMo.Silo.Operations;

/// <summary>Lets one verification in at a time: it reads everything.</summary>
internal sealed class VerifyGate
{
    private int taken;

    public bool TryEnter() => Interlocked.CompareExchange(ref taken, 1, 0) == 0;

    public void Leave() => Volatile.Write(ref taken, 0);
}
