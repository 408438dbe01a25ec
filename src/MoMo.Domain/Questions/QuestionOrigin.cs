namespace MoMo.Domain.Questions;

/// <summary>Who first wanted a PSP to be asked.</summary>
public enum QuestionOrigin
{
    /// <summary>A callback that only rings.</summary>
    Doorbell,

    /// <summary>A person, or a program with a person's key.</summary>
    Operator,

    /// <summary>The system that asked the PSP for the money, through an adapter's own key.</summary>
    Announced,
}
