namespace MoMo.Domain.Questions;

/// <summary>How a question stands.</summary>
public enum QuestionState
{
    /// <summary>It is asked, or asked again.</summary>
    Waiting,

    /// <summary>There is a payment, and the hub has it.</summary>
    Found,

    /// <summary>The PSP's last word is that no live money came in.</summary>
    Failed,

    /// <summary>The PSP took the payment back, and the hub recorded that.</summary>
    Reversed,

    /// <summary>The payment that the PSP tells of was taken before with other content, or can't be taken: somebody must look.</summary>
    Conflict,

    /// <summary>The PSP said nothing final in time: somebody must look.</summary>
    GivenUp,
}
