using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>The names that an operation's query may have: a misspelt filter would silently show everything.</summary>
/// <param name="names">Each with what it is: text, or a whole number of a length.</param>
internal sealed class KnownQuery(IReadOnlyDictionary<string, Type> names)
{
    private const int FaultsMax = 50;
    private const int NameShown = 60;

    /// <summary>Reads the names off the operation's method; null for what is no operation of the API, such as callbacks, which PSPs write.</summary>
    public static KnownQuery? Of(RouteEndpointBuilder endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) != true || endpoint.Metadata.OfType<IAllowAnonymous>().Any()) return null;
        if (endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is not { } method) return null;
        var path = endpoint.RoutePattern.Parameters.Select(one => one.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new KnownQuery(method.GetParameters()
            .Where(one => (one.ParameterType == typeof(string) || one.ParameterType == typeof(int?) || one.ParameterType == typeof(long?)) && !path.Contains(one.Name!))
            .ToDictionary(one => one.Name!, one => one.ParameterType, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Why a query can't be used, all of it at once; null when the operation may look at its values.</summary>
    public Refusal? Check(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (PercentEncoding.Fault(request.QueryString.Value!) is { } fault) return new Refusal("query-malformed", $"The query can't be read: {fault}");
        List<FieldFault> faults = [];
        foreach (var (name, values) in request.Query)
        {
            if (faults.Count == FaultsMax) break;
            var shown = RouteText.Part(name.Length > NameShown ? name[..NameShown] : name);
            if (!names.TryGetValue(name, out var type)) faults.Add(new FieldFault(shown, "unknown", $"There is no {shown} here{Known(name)}"));
            else if (values.Count > 1) faults.Add(new FieldFault(shown, "duplicate", $"{shown} stands twice."));
            else if (!Fits(type, values[0]))
                faults.Add(new FieldFault(shown, "type", $"{shown} is a whole number."));
            else if (values[0]?.Contains('\0', StringComparison.Ordinal) == true)
                faults.Add(new FieldFault(shown, "characters", $"{shown} holds a NUL, which no text may have."));
        }

        return faults.Count == 0 ? null : new Refusal("query-malformed", "The query can't be used.", faults);
    }

    private static bool Fits(Type type, string? value) =>
        type == typeof(string)
        || (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && (type == typeof(long?) || number is >= int.MinValue and <= int.MaxValue));

    private string Known(string name) =>
        names.Count == 0 ? "; the query is empty." : $"; there are: {string.Join(", ", names.Keys)}.{NearestName.Hint(name, names.Keys)}";
}
