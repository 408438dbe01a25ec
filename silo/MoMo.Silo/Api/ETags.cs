using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Net.Http.Headers;
using MoMo.Storage.Management;

namespace MoMo.Silo.Api;

/// <summary>Versions as strong ETags (RFC 9110, section 8.8.3): the number in quotes.</summary>
internal static class ETags
{
    /// <summary>The ETag of a version.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Which versions <c>If-Match</c> allows to change; without the header, any. What can't be read matches nothing.</summary>
    public static VersionMatch Match(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var header = request.Headers.IfMatch;
        if (header.Count == 0) return VersionMatch.Any;
        if (!TryRead(header, out var tags)) return new VersionMatch([]);
        return tags.Contains(EntityTagHeaderValue.Any)
            ? VersionMatch.Any
            : new VersionMatch([.. tags.Where(tag => !tag.IsWeak).Select(tag => VersionOf(tag.Tag.AsSpan()))]);
    }

    /// <summary>Whether <c>If-None-Match</c> says that the caller has this version already.</summary>
    public static bool IsKnown(HttpRequest request, long version)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryRead(request.Headers.IfNoneMatch, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || VersionOf(tag.Tag.AsSpan()) == version);
    }

    private static bool TryRead(IList<string> header, [NotNullWhen(true)] out IList<EntityTagHeaderValue>? tags)
    {
        try
        {
            return EntityTagHeaderValue.TryParseStrictList(header, out tags);
        }
        catch (ArgumentOutOfRangeException)
        {
            tags = null; // the framework trips over a W/ that nothing but blanks follow
            return false;
        }
    }

    private static long VersionOf(ReadOnlySpan<char> tag) =>
        long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
}
