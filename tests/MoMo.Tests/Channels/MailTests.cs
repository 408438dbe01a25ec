using System.Text;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels.Imap;

namespace MoMo.Tests.Channels;

/// <summary>Mails that strangers may write.</summary>
public sealed class MailTests
{
    private const string Bank = "statements@bank.example";

    [Theory]
    [InlineData("statements@bank.example", Bank)]
    [InlineData("Bank <statements@bank.example>", Bank)]
    [InlineData("\"Bank, Statements\" <statements@bank.example>", Bank)]
    [InlineData("\"The \\\" <evil@evil.example>, Bank\" <statements@bank.example>", Bank)]
    [InlineData("Bank (statements, daily) <statements@bank.example>", Bank)]
    [InlineData("statements@bank.example (the bank)", Bank)]
    [InlineData("=?utf-8?Q?B=C3=A4nk?= <statements@bank.example>,", Bank)]
    [InlineData("evil@evil.example, Bank <statements@bank.example>", null)]
    [InlineData("<evil@evil.example>, <statements@bank.example>", null)]
    [InlineData("evil@evil.example,\r\n statements@bank.example", null)]
    [InlineData("Some: evil@evil.example, statements@bank.example;", null)]
    [InlineData("evil@evil.example <a> <statements@bank.example>", null)]
    [InlineData("evil@evil.example@bank.example", null)]
    [InlineData("\"Bank <statements@bank.example>", null)]
    [InlineData("Bank (<statements@bank.example>", null)]
    [InlineData("Bank <statements@bank.example", null)]
    [InlineData("evil@evil.example\r\nFrom: statements@bank.example", null)]
    [InlineData("undisclosed:;", null)]
    [InlineData("", null)]
    public void A_mail_is_of_one_sender_or_of_nobody(string from, string? sender) =>
        Assert.Equal(sender, MimePart.Parse(Encoding.Latin1.GetBytes($"Subject: s\r\nFrom: {from}\r\n\r\nbody")).Sender);

    [Fact]
    public void Mails_within_a_mail_are_not_copied()
    {
        var mail = new StringBuilder();
        for (var depth = 0; depth < 20; depth++) mail.Append("Content-Type: message/rfc822\n\n");
        mail.Append("Content-Type: text/csv; name=a.csv\n\n").Append('x', 4 << 20);
        var bytes = Encoding.Latin1.GetBytes(mail.ToString());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(4 << 20, Assert.Single(Attachments.Of(MimePart.Parse(bytes))).Part.Decode().Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_forwarded_mail_may_be_encoded_but_not_over_and_over()
    {
        var inner = $"Content-Type: text/csv; name=a.csv\r\n\r\n{new string('x', 100_000)}";
        string Within(string mail) => $"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{mail}";
        Assert.Single(Attachments.Of(MimePart.Parse(Encoding.Latin1.GetBytes(Within(inner)))));
        Assert.Throws<ChannelItemException>(() => MimePart.Parse(Encoding.Latin1.GetBytes(Within(Within(Within(inner))))));
    }

    [Theory]
    [InlineData(1, 300_000)]
    [InlineData(900, 400)]
    [InlineData(1_001, 1)]
    public void Headers_have_a_limit(int lines, int length)
    {
        var mail = $"From: a@b.example\r\n{string.Concat(Enumerable.Repeat($" {new string('x', length)}\r\n", lines))}\r\nbody";
        Assert.Contains("headers", Assert.Throws<ChannelItemException>(() => MimePart.Parse(Encoding.Latin1.GetBytes(mail))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_headers_of_all_parts_have_one_limit()
    {
        var part = $"--b\r\nX: {new string('x', 1_000)}\r\n\r\ntext\r\n";
        string Of(int parts) => $"Content-Type: multipart/mixed; boundary=b\r\n\r\n{string.Concat(Enumerable.Repeat(part, parts))}--b--\r\n";
        Assert.Equal(200, MimePart.Parse(Encoding.Latin1.GetBytes(Of(200))).Parts.Count);
        Assert.Throws<ChannelItemException>(() => MimePart.Parse(Encoding.Latin1.GetBytes(Of(300))));
    }
}
