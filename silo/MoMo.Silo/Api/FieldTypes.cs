namespace MoMo.Silo.Api;

/// <summary>What a field of a body takes, in words.</summary>
internal static class FieldTypes
{
    /// <summary>The code of a value of another type.</summary>
    public const string Code = "type";

    /// <summary>The code of a value that is something else, and what it should be.</summary>
    public static (string Code, string What) Of(Type type)
    {
        var one = Nullable.GetUnderlyingType(type) ?? type;
        if (one == typeof(DateTimeOffset)) return ("time-malformed", $"RFC 3339 with an offset, such as {Rfc3339.Sample}");
        return (Code, one switch
        {
            _ when one == typeof(string) => "text",
            _ when one == typeof(bool) => "true or false",
            _ when one == typeof(int) => "a whole number, of at most 2,147,483,647",
            _ when one == typeof(double) => "a number",
            _ when one.IsAssignableTo(typeof(IEnumerable<string>)) => "a list of texts",
            _ when one.IsAssignableTo(typeof(IEnumerable<int>)) => "a list of whole numbers",
            _ when one.IsAssignableTo(typeof(IReadOnlyDictionary<string, string?>)) => "an object of texts",
            _ when one.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "a list",
            _ => "of another type",
        });
    }
}
