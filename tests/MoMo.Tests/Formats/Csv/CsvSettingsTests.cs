using System.Text.Json;
using MoMo.Edge.Formats.Csv;

namespace MoMo.Tests.Formats.Csv;

public sealed class CsvSettingsTests
{
    [Fact]
    public void All_faults_are_told_at_once()
    {
        var refusal = CsvSettings.Parse(JsonElement.Parse("""
            {"delimiter":"ab","encoding":"klingon","decimal_mark":";","thousands_marks":["7"],"currency":"XTS","time_zone":"Mars/Olympus","colour":"red",
             "columns":{"amount":0,"debit":"d","text":true,"zone":"z"},"filters":[{"column":"a","equals":"b","in":["c"],"otherwise":"perhaps"}]}
            """)).Refused;
        Assert.Equal("settings-invalid", refusal?.Code);
        Assert.Equal(
            """
            colour setting-unknown
            columns.amount setting-malformed
            columns.amount setting-missing
            columns.psp_reference setting-missing
            columns.text setting-malformed
            columns.zone setting-contradictory
            currency currency-unknown
            currency setting-missing
            decimal_mark setting-malformed
            delimiter setting-malformed
            encoding encoding-unknown
            filters.0.equals setting-missing
            filters.0.otherwise setting-malformed
            thousands_marks setting-malformed
            time_zone time-zone-unknown
            """.ReplaceLineEndings("\n"),
            string.Join('\n', refusal!.Faults.Select(fault => $"{fault.Field} {fault.Code}").Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"columns":7}""")]
    [InlineData("""{"columns":{"psp_reference":[],"amount":"a"},"currency":"KES"}""")]
    [InlineData("""{"columns":{"psp_reference":1,"amount":"a"},"currency":"KES","has_header":false}""")]
    [InlineData("""{"columns":{"psp_reference":1,"amount":2},"currency":"KES","header_contains":"x","skip_rows":3}""")]
    [InlineData("""{"columns":{"psp_reference":1,"amount":2},"currency":"KES","filters":[7]}""")]
    [InlineData("""{"columns":{"psp_reference":1,"amount":2,"type":3},"currency":"KES"}""")]
    public void Settings_that_say_nothing_useful_are_refused(string settings) =>
        Assert.NotNull(CsvSettings.Parse(JsonElement.Parse(settings)).Refused);

    [Fact]
    public void No_settings_at_all_are_refused_too() => Assert.NotNull(CsvSettings.Parse(default).Refused);

    [Fact]
    public void Little_is_needed() =>
        Assert.Null(CsvSettings.Parse(JsonElement.Parse("""{"columns":{"psp_reference":"id","amount":"amount","currency":"currency"}}""")).Refused);
}
