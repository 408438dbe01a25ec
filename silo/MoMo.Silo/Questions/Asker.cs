using MoMo.Domain.Adapters;
using MoMo.Domain.Callbacks;

namespace MoMo.Silo.Questions;

/// <summary>An adapter that asks its PSP.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Format">How its PSP is asked, and reads the answers.</param>
/// <param name="By">What payments are asked for by.</param>
/// <param name="Source">The adapter with its credentials opened.</param>
internal sealed record Asker(Adapter Adapter, IStatusFormat Format, string By, CallbackSource Source);
