namespace MoMo.Domain.Deliveries;

/// <summary>Why a delivery did not arrive: who has to do something about it.</summary>
public enum DeliveryCause
{
    /// <summary>The receiver answered that it does not want it: 4xx (but 408 and 429) and redirects; a login or a file that is refused.</summary>
    AccountRejected,

    /// <summary>The receiver can't be reached, is too slow or too busy: no connection, no answer in time, 408, 429, 5xx.</summary>
    AccountUnreachable,

    /// <summary>The destination leads nowhere: no such name, an address that may not be called, another's certificate or key, no usable credentials.</summary>
    BadDestination,

    /// <summary>The hub itself could not send, or the server that it sends through could not. Not held against the receiver.</summary>
    HubFault,
}
