using Microsoft.OpenApi;

namespace MoMo.Silo.Docs;

/// <summary>The health checks, which the framework maps without describing them.</summary>
internal static class HealthPaths
{
    public static IReadOnlyDictionary<string, OpenApiPathItem> All { get; } = new Dictionary<string, OpenApiPathItem>
    {
        ["/health/live"] = Path("get_health_live", "Does the process answer?", "Restart it when this fails."),
        ["/health/ready"] = Path(
            "get_health_ready", "Can it work?", "200 when the database answers and has every migration, else 503: send no traffic here."),
    };

    private static OpenApiPathItem Path(string id, string summary, string description) => new()
    {
        Operations = new Dictionary<HttpMethod, OpenApiOperation>
        {
            [HttpMethod.Get] = new()
            {
                OperationId = id,
                Summary = summary,
                Description = description,
                Tags = new HashSet<OpenApiTagReference> { new("Operations") },
                Responses = new OpenApiResponses
                {
                    ["200"] = new OpenApiResponse { Description = "Yes." },
                    ["503"] = new OpenApiResponse { Description = "No; the body says why." },
                },
            },
        },
    };
}
