using Microsoft.Extensions.Options;
using MoMo.Edge.Questions;
using MoMo.Edge.Webhooks;
using MoMo.Storage.Questions;

namespace MoMo.Silo.Questions;

/// <summary>Asking PSPs: the store, who asks, and when.</summary>
internal static class QuestionParts
{
    public static IServiceCollection AddQuestions(this IServiceCollection services)
    {
        services.AddSingleton<QuestionStore>();
        services.AddSingleton(all => new StatusClient(all.GetRequiredService<IOptions<WebhookOptions>>().Value, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Asking>();
        services.AddSingleton<QuestionRound>();
        services.AddHostedService<QuestionWorker>();
        return services;
    }
}
