using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CsvHelper;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace MoMo.Silo.Api;

/// <summary>
/// A page of a list as CSV (RFC 4180), for whoever asks with <c>Accept: text/csv</c>. Its columns are the fields of the items, always all of them and in
/// the order of the API's document, so that pages can be put below each other; a field of a field is <c>payer.name</c>, a list is JSON.
/// </summary>
internal static class CsvPage
{
    public const string MediaType = "text/csv";

    private const int DepthMax = 4;

    /// <summary>Whether a request prefers it to JSON, or likes it as well and names it, while JSON is only what a star means.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || new RequestHeaders(request.Headers).Accept is not { Count: > 0 } accepted) return false;
        var (csv, json) = (Quality(accepted, MediaType), Quality(accepted, "application/json"));
        return csv > json || (csv == json && csv > 0 && Names(accepted, MediaType) && !Names(accepted, "application/json"));
    }

    /// <summary>The items, below a line with the names of their fields.</summary>
    public static IResult Of<T>(IEnumerable<T> items)
    {
        var type = (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!;
        var columns = Columns(type, [], DepthMax).ToArray();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            Row(csv, columns.Select(column => string.Join('.', column)));
            foreach (var item in items)
            {
                var fields = JsonSerializer.SerializeToElement(item, type);
                Row(csv, columns.Select(column => Cell(fields, column)));
            }
        }

        return TypedResults.Text(text.ToString(), $"{MediaType}; charset=utf-8; header=present");
    }

    private static void Row(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        csv.NextRecord();
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type)
    {
        // What is named exactly counts before what a star means.
        foreach (var name in (ReadOnlySpan<string>)[type, $"{type[..type.IndexOf('/', StringComparison.Ordinal)]}/*", "*/*"])
        {
            if (accepted.FirstOrDefault(one => one.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } asked) return asked.Quality ?? 1;
        }

        return 0;
    }

    private static bool Names(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Any(one => one.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string[]> Columns(JsonTypeInfo type, string[] path, int depth)
    {
        foreach (var field in type.Properties)
        {
            if (field.Get is null) continue;
            string[] column = [.. path, field.Name];
            var inner = ApiJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType);
            if (depth > 1 && inner is { Kind: JsonTypeInfoKind.Object })
            {
                foreach (var nested in Columns(inner, column, depth - 1)) yield return nested;
            }
            else
            {
                yield return column;
            }
        }
    }

    private static string Cell(JsonElement fields, string[] column)
    {
        foreach (var name in column)
        {
            if (fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty(name, out fields)) return "";
        }

        return fields.ValueKind switch
        {
            JsonValueKind.String => fields.GetString()!,
            JsonValueKind.Null => "",
            _ => fields.GetRawText(),
        };
    }
}
