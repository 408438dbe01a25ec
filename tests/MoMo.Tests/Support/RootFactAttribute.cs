namespace MoMo.Tests.Support;

/// <summary>A test that needs root; skipped for other users.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "Needs root.";
    }
}
