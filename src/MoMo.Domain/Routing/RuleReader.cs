using System.Text.Json;
using System.Text.RegularExpressions;
using MoMo.Engine;

namespace MoMo.Domain.Routing;

/// <summary>Reads an adapter's rules from its configuration.</summary>
public sealed class RuleReader(ILookupClient lookups)
{
    private const int NameShown = 60;

    /// <summary>What each rule may say: a misspelt option would silently not work.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["account"] = ["rule"],
        ["reference"] = ["rule"],
        ["account#reference"] = ["rule"],
        ["shortcode"] = ["rule", "accounts"],
        ["pattern"] = ["rule", "pattern", "account"],
        ["lookup"] = ["rule", "deadline_ms"],
    };

    /// <summary>
    /// Reads a list such as <c>[{"rule":"account"},{"rule":"shortcode","accounts":{"600000":"acme"}},{"rule":"lookup","deadline_ms":1500}]</c>;
    /// without one, the standard rules.
    /// </summary>
    /// <param name="configuration">The list; undefined or null for none.</param>
    /// <param name="isNew">
    /// Whether somebody writes it now: a name that a rule does not know is refused then. In what is stored already it stays without effect, so that
    /// payments go on.
    /// </param>
    /// <returns>The rules, or <c>rules-malformed</c> that names every faulty one as <c>rules[0]</c>, <c>rules[1]</c>…</returns>
    public Outcome<RuleSet> Read(JsonElement configuration, bool isNew = false)
    {
        if (configuration.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return RuleSet.Standard(lookups);
        if (configuration.ValueKind != JsonValueKind.Array || configuration.GetArrayLength() is 0 or > RuleSet.Max)
            return Refusal.Of("rules", "rules-malformed", $"Rules are a list of 1 to {RuleSet.Max} objects, each with a \"rule\".");

        List<RoutingRule> rules = [];
        List<FieldFault> faults = [];
        foreach (var element in configuration.EnumerateArray())
        {
            var field = $"rules[{rules.Count + faults.Count}]";
            var one = ReadChecked(element, isNew);
            if (one.Accepted is { } rule) rules.Add(rule);
            else faults.Add(new FieldFault(field, one.Refused!.Code, one.Refused.Detail));
        }

        return faults.Count == 0 ? new RuleSet(rules) : new Refusal("rules-malformed", "Some rules can't be used.", faults);
    }

    private Outcome<RoutingRule> ReadChecked(JsonElement element, bool isNew)
    {
        try
        {
            return ReadOne(element, isNew);
        }
        catch (InvalidOperationException)
        {
            return new Refusal("rule-malformed", "The rule holds text that is not Unicode (half a surrogate pair).");
        }
    }

    private Outcome<RoutingRule> ReadOne(JsonElement element, bool isNew)
    {
        if (element.ValueKind != JsonValueKind.Object || Text(element, "rule") is not { } name)
            return new Refusal("rule-malformed", "A rule is an object with a \"rule\" that names it.");

        if (isNew && Known.TryGetValue(name, out var known) && element.EnumerateObject().Select(one => one.Name).FirstOrDefault(one => !known.Contains(one)) is { } odd)
            return new Refusal("rule-malformed", $"{name} has no \"{Shown(odd)}\"; it knows: {string.Join(", ", known)}.{NearestName.Hint(odd, known)}");

        return name switch
        {
            "account" => new AccountRule(),
            "reference" => new ReferenceRule(),
            "account#reference" => new AccountHashReferenceRule(),
            "shortcode" => Shortcode(element),
            "pattern" => Pattern(element),
            "lookup" => Lookup(element),
            _ => new Refusal("rule-unknown", $"There is no rule '{Shown(name)}'; use account, reference, account#reference, shortcode, pattern or lookup."),
        };
    }

    private static Outcome<RoutingRule> Shortcode(JsonElement element)
    {
        if (!element.TryGetProperty("accounts", out var accounts) || accounts.ValueKind != JsonValueKind.Object
            || accounts.EnumerateObject().Any(one => one.Value.ValueKind != JsonValueKind.String))
            return new Refusal("rule-malformed", "shortcode needs \"accounts\": an object of shortcode and account, such as {\"600000\":\"acme\"}.");
        Dictionary<string, string> owners = [];
        foreach (var one in accounts.EnumerateObject())
            if (!owners.TryAdd(one.Name, one.Value.GetString()!))
                return new Refusal("rule-malformed", $"shortcode names '{Shown(one.Name)}' twice.");
        return new ShortcodeRule(owners);
    }

    private static Outcome<RoutingRule> Pattern(JsonElement element)
    {
        if (Text(element, "pattern") is not { Length: > 0 and <= PatternRule.PatternMax } pattern)
            return new Refusal("rule-malformed", $"pattern needs a \"pattern\" of 1 to {PatternRule.PatternMax} characters.");
        try
        {
            var regex = new Regex(pattern, PatternRule.Options, PatternRule.TimeMax);
            if (!PatternSize.IsFit(pattern))
                return new Refusal("rule-malformed", "The pattern counts too far: {…} within {…} multiply. Use + and * instead, or smaller counts.");
            var account = Text(element, "account");
            if (account is null && !regex.GetGroupNames().Intersect(["account", "reference"]).Any())
                return new Refusal("rule-malformed", "pattern needs an \"account\", or a group named account or reference.");
            return new PatternRule(regex, account);
        }
        catch (RegexParseException e)
        {
            return new Refusal("rule-malformed", $"The pattern can't be read at character {e.Offset}: look for a bracket, group or count that is not whole.");
        }
        catch (NotSupportedException)
        {
            return new Refusal(
                "rule-malformed", "The pattern uses what takes no bounded time (lookahead, lookbehind, backreferences, atomic groups, conditions), or is too large.");
        }
    }

    private Outcome<RoutingRule> Lookup(JsonElement element)
    {
        var deadline = LookupRule.DeadlineDefault;
        if (element.TryGetProperty("deadline_ms", out var set))
        {
            if (set.ValueKind != JsonValueKind.Number || !set.TryGetInt32(out var ms) || ms < 50 || ms > LookupRule.DeadlineMax.TotalMilliseconds)
                return new Refusal("rule-malformed", $"lookup's deadline_ms is from 50 to {LookupRule.DeadlineMax.TotalMilliseconds}.");
            deadline = TimeSpan.FromMilliseconds(ms);
        }

        return new LookupRule(lookups, deadline);
    }

    private static string Shown(string name) => name.Length > NameShown ? name[..NameShown] : name;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
