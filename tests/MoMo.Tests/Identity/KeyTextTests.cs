using System.Buffers.Text;
using System.Security.Cryptography;
using MoMo.Domain.Identity;

namespace MoMo.Tests.Identity;

public sealed class KeyTextTests
{
    [Fact]
    public void A_made_key_reads_back_with_its_id_and_hash()
    {
        for (var round = 0; round < 100; round++)
        {
            var (id, text, kept) = KeyText.Make();
            var hash = new byte[KeyText.HashLength];
            Assert.True(KeyText.TryRead(text, out var read, hash));
            Assert.Equal(id, read);
            Assert.Equal(kept, hash);
            // Whoever reads the database gets nobody's key.
            Assert.Equal(SHA256.HashData(Base64Url.DecodeFromChars(text.AsSpan()[^43..])), kept);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("momo_abcdefghijkl_")]
    [InlineData("momo_abcdefghijkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("momo_abcdefghijkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("MOMO_abcdefghijkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("momo_abcdefghijk1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("momo_abcdefghijkl-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("momo_abcdefghijkl_AAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("momo_abcdefghijkl_AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_not_written_like_a_key_is_none(string text) =>
        Assert.False(KeyText.TryRead(text, out _, new byte[KeyText.HashLength]));

    [Theory]
    [InlineData("admin", "admin")]
    [InlineData("adapter", "adapter")]
    [InlineData("adapter:mtn.rw", "adapter:mtn.rw")]
    [InlineData("account: ACME ", "account:acme")]
    [InlineData("admin:x", "scope-malformed")]
    [InlineData("adapter:", "scope-malformed")]
    [InlineData("account", "scope-malformed")]
    [InlineData("account: ", "scope-malformed")]
    [InlineData(null, "scope-malformed")]
    public void A_scope_is_read_in_its_canonical_form(string? text, string expected) =>
        Assert.Equal(expected, Scope.Parse(text).Match(scope => scope.ToString(), refusal => refusal.Code));
}
