using MoMo.Storage.Secrets;

namespace MoMo.Tests.Storage;

public sealed class SecretBoxTests
{
    private const string Purpose = "destination:acme/main";
    private static readonly string One = "one:" + Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string Two = "two:" + Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());
    private static readonly SecretBox Box = new(SecretKeys.FromConfiguration([One]));

    [Theory, InlineData(""), InlineData("whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"), InlineData("Ключ 🔑")]
    public void What_is_sealed_opens_again(string secret) => Assert.Equal(secret, Box.Open(Purpose, Box.Seal(Purpose, secret)));

    [Fact]
    public void The_longest_secret_is_sealed_and_a_longer_one_is_not()
    {
        var longest = new string('s', SecretBox.SecretMax);
        Assert.Equal(longest, Box.Open(Purpose, Box.Seal(Purpose, longest)));
        Assert.Throws<ArgumentException>(() => Box.Seal(Purpose, longest + "s"));
    }

    [Fact]
    public void The_same_secret_never_looks_the_same_and_is_not_in_the_text()
    {
        var texts = Enumerable.Range(0, 100).Select(_ => Box.Seal(Purpose, "hunter2")).ToList();
        Assert.Equal(100, texts.Distinct().Count());
        Assert.All(texts, text => Assert.StartsWith("v1:one:", text));
        Assert.All(texts, text => Assert.DoesNotContain("hunter2", text));
    }

    [Fact]
    public void A_change_of_any_letter_is_found()
    {
        var text = Box.Seal(Purpose, "hunter2");
        foreach (var at in Enumerable.Range(0, text.Length))
            foreach (var letter in "A1b-_:=\n".Where(letter => letter != text[at]))
                Assert.Throws<SecretException>(() => Box.Open(Purpose, text[..at] + letter + text[(at + 1)..]));
    }

    [Fact]
    public void A_shorter_or_longer_text_is_found()
    {
        var text = Box.Seal(Purpose, "hunter2");
        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Throws<SecretException>(() => Box.Open(Purpose, text[..length])));
        Assert.All(["A", "AAAA", "=", " ", "\n", ":"], more => Assert.Throws<SecretException>(() => Box.Open(Purpose, text + more)));
    }

    [Fact]
    public void A_secret_does_not_open_for_another_purpose() =>
        Assert.Contains("another purpose", Refusal(Box, "destination:other/main", Box.Seal(Purpose, "hunter2")));

    [Fact]
    public void A_new_first_key_seals_while_the_old_one_still_opens()
    {
        var old = Box.Seal(Purpose, "hunter2");
        var rotated = new SecretBox(SecretKeys.FromConfiguration([Two, One]));
        Assert.Equal("hunter2", rotated.Open(Purpose, old));
        Assert.True(rotated.IsOld(old));
        var renewed = rotated.Seal(Purpose, "hunter2");
        Assert.StartsWith("v1:two:", renewed);
        Assert.False(rotated.IsOld(renewed));
    }

    [Fact]
    public void An_unknown_key_is_named()
    {
        var message = Refusal(new SecretBox(SecretKeys.FromConfiguration([Two])), Purpose, Box.Seal(Purpose, "hunter2"));
        Assert.Contains("'one'", message);
        Assert.DoesNotContain("hunter2", message);
    }

    [Fact]
    public void Another_key_of_the_same_name_does_not_open()
    {
        var other = new SecretBox(SecretKeys.FromConfiguration(["one:" + Two[4..]]));
        Assert.Contains("another one of that name", Refusal(other, Purpose, Box.Seal(Purpose, "hunter2")));
    }

    private static string Refusal(SecretBox box, string purpose, string text) =>
        Assert.Throws<SecretException>(() => box.Open(purpose, text)).Message;
}
