using MoMo.Domain.Callbacks;

namespace MoMo.Edge.Psps;

/// <summary>Every PSP that can call back. A class below this folder that is an <see cref="ICallbackFormat"/> is one; nothing else names it.</summary>
public static class CallbackFormats
{
    /// <summary>All of them, by name.</summary>
    /// <exception cref="InvalidOperationException">Two have one name.</exception>
    public static IReadOnlyList<ICallbackFormat> All { get; } = Find();

    private static ICallbackFormat[] Find()
    {
        ICallbackFormat[] found =
        [
            .. typeof(CallbackFormats).Assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ICallbackFormat)))
                .Select(type => (ICallbackFormat)Activator.CreateInstance(type)!)
                .OrderBy(format => format.Name, StringComparer.Ordinal),
        ];
        return found.DistinctBy(format => format.Name).Count() == found.Length
            ? found : throw new InvalidOperationException("Two callback formats have one name.");
    }
}
