using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace MoMo.Silo.Identity;

/// <summary>Puts keys and what they may do into the silo.</summary>
internal static class IdentityParts
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Keys, and the policies <c>admin</c>, <c>adapter</c> (administrators too) and <c>account</c> (administrators too). An endpoint with
        /// policy <c>account</c> and <c>{account}</c> in its route is closed to other accounts without doing anything itself.
        /// </summary>
        public IServiceCollection AddKeys()
        {
            services.AddSingleton<KnownKeys>();
            services.AddHostedService<KeyUse>();
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
            services.AddAuthentication(KeyPrincipal.Scheme).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyPrincipal.Scheme, null);
            services.AddAuthorizationBuilder()
                .AddPolicy("admin", policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.IsAdmin))
                .AddPolicy("adapter", policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.IsAdapter))
                .AddPolicy("account", policy => policy.RequireAuthenticatedUser().RequireAssertion(
                    context => context.User.AccountScope is not { Count: 0 } && AccessAnswers.MaySeeAddressed(context)));
            return services;
        }
    }
}
