using System.Text;
using MoMo.Domain;
using MoMo.Domain.Payments;
using MoMo.Edge.Channels.Imap;
using MoMo.Edge.Formats;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Tests.Formats;

/// <summary>Characters that steer terminals or turn the direction of text are in no text that the hub keeps, in whatever format it came.</summary>
public sealed class UnfitCharactersTests
{
    public static TheoryData<int> Unfit { get; } = [0x01, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0x2028, 0x2029, 0x202A, 0x202D, 0x202E, 0x2066, 0x2069, 0xFFFE];

    public static TheoryData<int> Fit { get; } = [0x20, 0xA0, 0xE9, 0x200C, 0x200E, 0x05D0, 0x0627, 0x2019, 0x20AC, 0x7D05, 0xFFFD];

    [Theory, MemberData(nameof(Unfit))]
    public void The_standard_form_refuses_them_by_field(int code)
    {
        var text = $"NJERI{(char)code}WANJIKU";
        foreach (var isEscaped in (bool[])[false, true])
        {
            var read = Read(text, isEscaped);
            // What JSON itself forbids is no JSON.
            if (code < 0x20 && !isEscaped) Assert.Equal("malformed-json", read.Refused?.Code);
            else Assert.Equal(["payer.account", "payer.name", "payer.phone", "psp_reference", "reference_id"], read.Refused!.Faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Unfit))]
    public void Other_formats_make_blanks_of_them(int code)
    {
        Assert.Equal("NJERI WANJIKU", ForeignText.Clean($"NJERI{(char)code}WANJIKU", 100));
        Assert.Null(ForeignText.Clean($"{(char)code}", 100));
        Assert.Equal("NJERI", ForeignText.Clean($"{new string((char)code, 200)}NJERI", 100));
        Assert.Equal("a b", EncodedText.Decode($"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes($"a{(char)code}b"))}?="));
        Assert.True(UnfitCharacters.Has((char)code));
    }

    [Theory, MemberData(nameof(Fit))]
    public void Letters_of_all_languages_stay(int code)
    {
        var text = $"NJERI{(char)code}WANJIKU";
        Assert.Equal(text, Read(text, false).Accepted!.Payer!.Name);
        Assert.Equal(text, ForeignText.Clean(text, 100));
    }

    private static Outcome<PaymentNotice> Read(string text, bool isEscaped)
    {
        var written = isEscaped ? string.Concat(text.Select(letter => char.IsAsciiLetter(letter) ? $"{letter}" : $"\\u{(int)letter:X4}")) : text;
        var json = $$$"""
            {"psp":"psp","psp_reference":"{{{written}}}","account_id":"acme","reference_id":"{{{written}}}","amount":"1.00","currency":"KES",
             "payer":{"name":"{{{written}}}","phone":"{{{written}}}","account":"{{{written}}}"}}
            """;
        return PaymentReader.Read(Encoding.UTF8.GetBytes(json), null);
    }
}
