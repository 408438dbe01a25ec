using System.Reflection;
using System.Runtime.CompilerServices;
using MoMo.Client;

namespace MoMo.Tests.Client;

/// <summary>
/// The client is a promise: what others may call is pinned. <c>MOMO_ACCEPT=1</c> accepts a change; then read the difference.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const string Name = "MoMo.Client.api.txt";

    [Fact]
    public void What_others_may_call_changes_only_on_purpose()
    {
        var surface = string.Join('\n', Describe(typeof(MoMoClient).Assembly)) + '\n';
        if (Environment.GetEnvironmentVariable("MOMO_ACCEPT") == "1") File.WriteAllText(BaselineInSources(), surface);

        var baseline = File.ReadAllText(BaselineInSources()).ReplaceLineEndings("\n");
        var added = surface.Split('\n').Except(baseline.Split('\n'));
        var removed = baseline.Split('\n').Except(surface.Split('\n'));
        Assert.True(
            baseline == surface,
            $"The public surface differs from Golden/{Name}.\nAdded:\n{string.Join('\n', added)}\nRemoved:\n{string.Join('\n', removed)}\n"
            + "If that is meant, run this test with MOMO_ACCEPT=1 and commit the file.");
    }

    private static string BaselineInSources([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Golden", Name);

    private static IEnumerable<string> Describe(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => Members(type).Prepend(Head(type))).Order(StringComparer.Ordinal);

    private static string Head(Type type) =>
        $"{NameOf(type)} : {KindOf(type)}" + (type.BaseType is { } parent && parent != typeof(object) ? $" of {NameOf(parent)}" : "");

    private static string KindOf(Type type) =>
        type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)))
        .Where(member => member is not Type and not MethodInfo { IsSpecialName: true })
        .Select(member => $"{NameOf(type)}.{Describe(member)}");

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"new({Parameters(made)})",
        MethodInfo method => $"{method.Name}({Parameters(method)}) : {NameOf(method.ReturnType)}",
        PropertyInfo property => $"{property.Name} : {NameOf(property.PropertyType)} {{ {Accessors(property)} }}{Required(property)}",
        FieldInfo field => $"{field.Name} : {NameOf(field.FieldType)}",
        _ => member.Name,
    };

    private static string Required(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute)) ? " required" : "";

    private static string Accessors(PropertyInfo property) => string.Join(' ', new[]
    {
        property.GetMethod is { IsPublic: true } ? "get;" : null,
        property.SetMethod is not { IsPublic: true } set ? null
            : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;",
    }.Where(accessor => accessor is not null));

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{NameOf(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return NameOf(underlying) + "?";
        if (type.IsGenericParameter) return type.Name;

        var name = type.Namespace is { } space && space.StartsWith("MoMo", StringComparison.Ordinal) ? $"{space}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : name;
    }
}
