using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MoMo.Domain.Channels;

namespace MoMo.Edge.Channels.Sftp;

/// <summary>One packet, being written or being read: numbers are big-endian, texts and blobs begin with their length.</summary>
internal sealed class SftpPacket
{
    public const byte Init = 1, Version = 2, Open = 3, Close = 4, Read = 5, Write = 6, LinkStatus = 7, OpenFolder = 11, ReadFolder = 12, Remove = 13, MakeFolder = 14,
        Rename = 18, Status = 101, Handle = 102, Data = 103, Name = 104, Attributes = 105, Extended = 200;

    private readonly ArrayBufferWriter<byte> writing = new();
    private readonly byte[] body;
    private int place = 1;

    /// <summary>A packet to write.</summary>
    public SftpPacket(byte type)
    {
        body = [type];
        writing.Write([type]);
    }

    /// <summary>A packet that was read.</summary>
    public SftpPacket(byte[] body) => this.body = body;

    public byte Type => body[0];

    public bool IsEnded => place >= body.Length;

    public void Add(uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(writing.GetSpan(4), number);
        writing.Advance(4);
    }

    public void Add(ulong number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(writing.GetSpan(8), number);
        writing.Advance(8);
    }

    public void Add(ReadOnlySpan<byte> blob)
    {
        Add((uint)blob.Length);
        writing.Write(blob);
    }

    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public byte[] ToBytes()
    {
        var bytes = new byte[4 + writing.WrittenCount];
        BinaryPrimitives.WriteInt32BigEndian(bytes, writing.WrittenCount);
        writing.WrittenSpan.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    public uint ReadNumber() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong ReadLong() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public ReadOnlySpan<byte> ReadBlob() => Take(checked((int)Math.Min(ReadNumber(), int.MaxValue)));

    public string ReadText() => Encoding.UTF8.GetString(ReadBlob());

    /// <summary>A file's attributes: size, mode and time of change, those that the server tells.</summary>
    public (ulong? Size, uint? Mode, uint? ChangedAt) ReadAttributes()
    {
        var flags = ReadNumber();
        ulong? size = (flags & 1) != 0 ? ReadLong() : null;
        if ((flags & 2) != 0) Take(8);
        uint? mode = (flags & 4) != 0 ? ReadNumber() : null;
        uint? changed = null;
        if ((flags & 8) != 0)
        {
            ReadNumber();
            changed = ReadNumber();
        }

        if ((flags & 0x8000_0000) != 0)
        {
            for (var left = ReadNumber(); left > 0; left--)
            {
                ReadBlob();
                ReadBlob();
            }
        }

        return (size, mode, changed);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > body.Length - place) throw new ChannelException("The server's answer is not SFTP.");
        place += count;
        return body.AsSpan(place - count, count);
    }
}
