namespace MoMo.Tests.Channels;

/// <summary>A test that starts a server program as root; skipped where the program or the right is missing, with a word that says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerFactAttribute : FactAttribute
{
    /// <param name="program">Such as <c>/usr/sbin/sshd</c>.</param>
    /// <param name="package">What brings it.</param>
    public ServerFactAttribute(string program, string package)
    {
        Program = program;
        Package = package;
        if (!Environment.IsPrivilegedProcess) Skip = $"Needs root, to start {program}.";
        else if (!File.Exists(program)) Skip = $"Needs {program}: install the package {package}.";
    }

    public string Program { get; }

    public string Package { get; }
}
