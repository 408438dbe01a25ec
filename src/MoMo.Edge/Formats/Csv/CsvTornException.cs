namespace MoMo.Edge.Formats.Csv;

/// <summary>A row has so many fields with quotes that do not match that the rest of them is not worth looking at.</summary>
internal sealed class CsvTornException() : Exception("The quotes of a row do not match.");
