using System.Text.RegularExpressions;

namespace MoMo.Edge.Formats.Camt;

/// <summary>What tells one message of the camt family from another.</summary>
/// <param name="Name">Such as <c>camt.053</c>.</param>
/// <param name="Body">The element below Document; version 1 adds V01 to it.</param>
/// <param name="Part">The element that holds one account's entries.</param>
/// <param name="Namespace">The namespaces of its versions.</param>
internal sealed record CamtMessage(string Name, string Body, string Part, Regex Namespace);
