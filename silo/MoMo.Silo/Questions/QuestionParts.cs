using Microsoft.Extensions.Options;
using MoMo.Domain.Questions;
using MoMo.Edge.Questions;
using MoMo.Edge.Webhooks;
using MoMo.Silo.Hosting;
using MoMo.Silo.Operations;
using MoMo.Storage.Questions;
using Npgsql;

namespace MoMo.Silo.Questions;

/// <summary>Asking PSPs: the store, who asks, and when.</summary>
internal static class QuestionParts
{
    public static IServiceCollection AddQuestions(this IServiceCollection services)
    {
        services.AddValidated<QuestionOptions>();
        services.AddSingleton<QuestionStore>();
        services.AddSingleton<GivenUpQuestions>();
        services.AddSingleton(all => new QuestionRetention(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<IOptions<QuestionOptions>>().Value, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton(all => new StatusClient(all.GetRequiredService<IOptions<WebhookOptions>>().Value, all.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Asking>();
        services.AddSingleton<QuestionRound>();
        services.AddHostedService<QuestionWorker>();
        services.AddHostedService<RetentionWorker>();
        return services;
    }
}
