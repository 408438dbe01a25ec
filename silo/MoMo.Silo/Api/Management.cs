using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MoMo.Client.Wire;
using MoMo.Domain.Adapters;
using MoMo.Silo.Identity;
using MoMo.Storage;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Adapters;
using MoMo.Storage.Catalog;
using MoMo.Storage.Channels;
using MoMo.Storage.Deliveries;
using MoMo.Storage.Management;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>Puts managing into the silo: PSPs, adapters, accounts, references, destinations and keys.</summary>
internal static class Management
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Stores, keys, problems and the watch over adapters. Needs <see cref="NpgsqlDataSource"/>, <see cref="TimeProvider"/> and
        /// <see cref="MoMo.Domain.Routing.RuleReader"/> from others.
        /// </summary>
        /// <param name="parts">Made once, from what the silo is made of.</param>
        public IServiceCollection AddManagement(Func<IServiceProvider, ManagementParts> parts)
        {
            services.AddProblems();
            services.AddKeys();
            services.ConfigureHttpJsonOptions(options =>
            {
                options.SerializerOptions.PropertyNamingPolicy = MoMoJson.Default.Options.PropertyNamingPolicy;
                options.SerializerOptions.DefaultIgnoreCondition = MoMoJson.Default.Options.DefaultIgnoreCondition;
                options.SerializerOptions.TypeInfoResolverChain.Insert(0, MoMoJson.Default);
            });
            services.AddSingleton(parts);
            services.AddSingleton<PspStore>();
            services.AddSingleton<AdapterStore>();
            services.AddSingleton<ChannelStore>();
            services.AddSingleton<AccountStore>();
            services.AddSingleton<ReferenceStore>();
            services.AddSingleton(all => new DestinationStore(
                all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<ManagementParts>().Seal, all.GetRequiredService<TimeProvider>()));
            services.AddSingleton(all => new SecretRotation(
                all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<ManagementParts>().Seal, all.GetRequiredService<TimeProvider>()));
            services.AddSingleton<LaneStates>();
            services.AddSingleton<KnownNames>();
            services.AddSingleton<KeyStore>();
            services.AddSingleton<AdminKey>();
            services.AddSingleton<Agenda>();
            services.TryAddSingleton<HubMetrics>();
            services.AddSingleton<AdapterAlarm>();
            services.AddSingleton(all => new StoredAdapters(
                all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<AdapterAlarm>().Announce));
            services.AddSingleton<AdapterStateStore>();
            services.AddSingleton<AdapterFlow>();
            services.AddSingleton<AdapterWatch>();
            services.AddHostedService(all => all.GetRequiredService<AdapterWatch>());
            services.AddSingleton<IAdapters>(all => all.GetRequiredService<StoredAdapters>());
            services.AddSingleton<AdapterLeases>();
            services.AddHostedService(all => all.GetRequiredService<AdapterLeases>());
            return services;
        }
    }

    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>All endpoints that manage something.</summary>
        public void MapManagement()
        {
            // Whoever configures something and uses it next must find it, whichever way the notification takes.
            var changing = routes.MapGroup("");
            changing.AddEndpointFilter(async (call, next) =>
            {
                var answer = await next(call);
                if (!HttpMethods.IsGet(call.HttpContext.Request.Method)) call.HttpContext.RequestServices.GetService<HubDirectory>()?.Forget();
                return answer;
            });
            changing.MapPsps();
            changing.MapAdapters();
            routes.MapAdapterReports();
            changing.MapAccounts();
            changing.MapReferences();
            changing.MapDestinations();
            changing.MapKeys();
        }
    }
}
