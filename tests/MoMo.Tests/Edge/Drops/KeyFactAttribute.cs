namespace MoMo.Tests.Edge.Drops;

/// <summary>A test that makes SSH keys; skipped where the program is missing, with a word that says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KeyFactAttribute : FactAttribute
{
    /// <summary>Looks for the program.</summary>
    public KeyFactAttribute() => Skip = SshKeys.Missing;
}
