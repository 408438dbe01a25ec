namespace MoMo.Domain;

/// <summary>Whether money is real. An adapter and an account each have one mode for ever, and only the same modes meet.</summary>
public enum Mode
{
    /// <summary>Real money.</summary>
    Live,

    /// <summary>A PSP's sandbox, or one's own trials.</summary>
    Test,
}
