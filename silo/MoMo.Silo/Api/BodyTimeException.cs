using System.Text.Json;

namespace MoMo.Silo.Api;

/// <summary>A field of a body is to be a time, and is none of RFC 3339. Its <see cref="JsonException.Path"/> says which.</summary>
internal sealed class BodyTimeException : JsonException
{
    public BodyTimeException() : base("The time is not RFC 3339 with an offset.") { }
}
