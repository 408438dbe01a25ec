namespace MoMo.Edge.Mail;

/// <summary>The server said no. The message is for people; what it quotes of the server's answer is cut and cleaned.</summary>
/// <param name="reply">What it said.</param>
/// <param name="what">To what.</param>
/// <param name="isOurs">To something that the operator of the hub has to see to: the login, the sender.</param>
internal sealed class SmtpRefusedException(SmtpReply reply, string what, bool isOurs) : IOException($"The mail server refused {what}: {reply}")
{
    /// <summary>It may do it later (4yz).</summary>
    public bool IsPassing => reply.Code is >= 400 and < 500;

    /// <summary>The operator of the hub has to see to it: to what was refused, or to the server, which speaks of its own trouble.</summary>
    public bool IsOurs => isOurs || reply.IsOfServer;
}
