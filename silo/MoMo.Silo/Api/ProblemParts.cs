namespace MoMo.Silo.Api;

/// <summary>Puts problems into the silo.</summary>
internal static class ProblemParts
{
    extension(IServiceCollection services)
    {
        /// <summary>Lets unreadable requests reach <see cref="ProblemMiddleware"/> in production too.</summary>
        public IServiceCollection AddProblems() => services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    extension(IApplicationBuilder app)
    {
        /// <summary>Answers every error as a problem. First in the pipeline.</summary>
        public IApplicationBuilder UseProblems() => app.UseMiddleware<ProblemMiddleware>();
    }

    extension<TBuilder>(TBuilder endpoint) where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>Documents which errors an endpoint answers, besides those that all do.</summary>
        public TBuilder Refuses(params int[] statuses)
        {
            foreach (var status in statuses)
                endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(MoMo.Client.Wire.ProblemView), [Problems.MediaType]));
            return endpoint;
        }

        /// <summary>It looks through much, though it is no GET: see <see cref="ReadPlaces"/>.</summary>
        public TBuilder ReadsMuch()
        {
            endpoint.Add(ReadPlaces.Guard);
            return endpoint;
        }

        /// <summary>Its repeats are known by an <c>Idempotency-Key</c>, if the caller sends one: see <see cref="IdempotencyMiddleware"/>.</summary>
        public TBuilder Idempotent() => endpoint.WithMetadata(TakesIdempotencyKey.Mark).Refuses(400, 409, 422);
    }
}
