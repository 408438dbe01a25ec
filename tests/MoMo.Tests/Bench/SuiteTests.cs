using System.Runtime.Versioning;
using MoMo.Bench;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class SuiteTests
{
    [Theory]
    [InlineData("nothing-of-that-name")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "many")]
    [InlineData("--seconds")]
    public async Task A_wrong_command_line_ends_with_code_2(params string[] args) => Assert.Equal(2, await Suite.RunAsync(args, CancellationToken.None));

    [Fact]
    public void Without_a_name_all_are_meant_and_quick_is_short()
    {
        var arguments = Arguments.Parse(["--quick", "--rounds", "1"]);
        Assert.Empty(arguments.Names);
        Assert.Equal(1, arguments.Scale.Rounds);
        Assert.True(arguments.Scale.IsQuick);
    }

    [Fact]
    public void The_filled_database_gives_every_account_as_many()
    {
        Assert.Equal(0, Scale.Full.FilledRows % Scale.Full.Accounts);
        Assert.Equal(0, Scale.Quick.FilledRows % Scale.Quick.Accounts);
    }

    /// <summary>The shortest real one: a server of its own, the engine, pgbench, a table of figures. How fast is nobody's concern here.</summary>
    [PgbenchFact]
    public async Task A_quick_run_measures() => Assert.Equal(0, await Suite.RunAsync(["engine", "--quick", "--rounds", "1"], CancellationToken.None));
}
