using System.Globalization;
using System.IO.Compression;
using System.Text;
using MoMo.Domain.Channels;
using MoMo.Edge.Channels;

namespace MoMo.Tests.Channels;

public sealed class UnpackerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task An_archive_gives_its_files(int files) => Assert.Equal(files, await CountAsync(Zip(files)));

    [Theory]
    [InlineData(1_001, null)]
    [InlineData(70_000, null)] // more than the end record has room for: ZIP64
    [InlineData(1_001, 5)] // what it says of their number is a lie
    public async Task An_archive_of_too_many_files_is_refused(int files, int? told)
    {
        var archive = Zip(files);
        if (told is { } number) (archive[^14], archive[^13], archive[^12], archive[^11]) = ((byte)number, 0, (byte)number, 0);
        Assert.True(await ZipContents.HoldsMoreAsync(new MemoryStream(archive), Unpacker.EntriesMax, CancellationToken.None));
        var refused = await Assert.ThrowsAsync<ChannelItemException>(() => CountAsync(archive));
        Assert.Contains("more than 1000 files", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no archive")]
    [InlineData("PK\u0005\u0006")]
    public async Task What_is_no_archive_is_refused(string text)
    {
        var refused = await Assert.ThrowsAsync<ChannelItemException>(() => CountAsync(Encoding.Latin1.GetBytes(text)));
        Assert.Contains("not a zip archive", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(byte[] archive)
    {
        var count = 0;
        await foreach (var file in Unpacker.UnpackAsync(new ChannelFile("a.zip", new MemoryStream(archive)), 1 << 20, CancellationToken.None))
        {
            await file.Bytes.CopyToAsync(Stream.Null);
            count++;
        }

        return count;
    }

    private static byte[] Zip(int files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            for (var number = 0; number < files; number++) archive.CreateEntry(string.Create(CultureInfo.InvariantCulture, $"{number}.csv"), CompressionLevel.NoCompression);
        return bytes.ToArray();
    }
}
