namespace MoMo.Domain.Files;

/// <summary>How kinds of notices are called.</summary>
public static class NoticeKinds
{
    /// <summary>The kind's name in the API and the database: <c>test-mode</c> for test money, else the kind in lower case.</summary>
    public static string Word(this NoticeKind kind) => kind == NoticeKind.Test ? "test-mode" : kind.ToString().ToLowerInvariant();
}
