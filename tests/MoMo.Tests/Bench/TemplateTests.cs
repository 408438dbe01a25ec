using System.Runtime.Versioning;
using System.Text;
using MoMo.Bench.Rows;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Formats.Json;

namespace MoMo.Tests.Bench;

[SupportedOSPlatform("linux")]
public sealed class TemplateTests
{
    [Fact]
    public void Digits_are_filled_in_by_number() => Assert.Equal("R0000123456 a-056 c-4 13456.50", Fill("R########## a-@@@ c-& 1%%%%.50", 123_456, 100));

    [Fact]
    public void A_hub_reads_the_payments_that_are_sent()
    {
        var notice = PaymentReader.Read(Encoding.UTF8.GetBytes(Fill(Payments.Json, 12_345, 1_000)), null).Accepted!;
        Assert.Equal("R00000000012345", notice.PspReference);
        Assert.Equal("acct-0345", notice.AccountId);
        Assert.Equal("meter-0345-2", notice.ReferenceId);
        Assert.Equal("KES 12345.50", notice.Amount.ToString());
    }

    [Fact]
    public void The_adapter_settings_are_allowed()
    {
        using var settings = System.Text.Json.JsonDocument.Parse(Payments.CsvSettings);
        Assert.Null(CsvSettings.Parse(settings.RootElement).Refused);
    }

    [Fact]
    public void A_row_to_copy_has_every_column_of_a_payment() => Assert.Equal(23, Fill(Payments.Copy, 7, 1_000).Split('\t').Length);

    private static string Fill(string text, long number, int accounts)
    {
        var template = new Template(text, accounts);
        var copy = new byte[template.Length];
        template.CopyTo(copy);
        template.Fill(copy, number);
        return Encoding.UTF8.GetString(copy);
    }
}
