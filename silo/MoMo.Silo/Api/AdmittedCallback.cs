using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;

namespace MoMo.Silo.Api;

/// <summary>A call that came to the right address from a place that is let in.</summary>
/// <param name="Adapter">Whose address it is.</param>
/// <param name="Format">Reads it.</param>
/// <param name="Source">The adapter as its format sees it.</param>
internal sealed record AdmittedCallback(Adapter Adapter, ICallbackFormat Format, CallbackSource Source);
