using System.Text.Json;
using MoMo.Domain.Callbacks;
using MoMo.Domain.Deliveries;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Camt;
using MoMo.Edge.Formats.Csv;
using MoMo.Edge.Formats.JsonList;
using MoMo.Edge.Formats.Mt940;
using MoMo.Edge.Formats.Ofx;
using MoMo.Edge.Formats.Xml;
using MoMo.Edge.Psps;
using MoMo.Edge.Psps.MPesa;
using MoMo.Edge.Questions;
using MoMo.Edge.Webhooks;
using MoMo.Engine;
using MoMo.Silo.Docs;
using MoMo.Silo.Files;
using MoMo.Silo.Operations;
using MoMo.Silo.Questions;
using MoMo.Silo.Telemetry;
using MoMo.Storage.Catalog;
using MoMo.Storage.Management;
using MoMo.Storage.Proofs;
using MoMo.Storage.Requests;
using MoMo.Storage.Secrets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MoMo.Silo.Api;

/// <summary>The API: what it needs, what it answers.</summary>
internal static class ApiParts
{
    extension(IServiceCollection services)
    {
        public void AddApi()
        {
            services.AddManagement(all => new ManagementParts
            {
                CheckUrl = url => DestinationUrl.Check(url, all.GetRequiredService<IOptions<WebhookOptions>>().Value.RequireHttps is true),
                CheckSettings = (format, settings) => CheckSettings(format, settings, all.GetRequiredService<CallbackIntake>()),
                IsCalled = format => all.GetRequiredService<CallbackIntake>().Find(format) is not null,
                CredentialsOf = format => all.GetRequiredService<CallbackIntake>().Find(format)?.Credentials ?? [],
                SentBy = (format, settings) => all.GetRequiredService<CallbackIntake>().Find(format) is IStatusFormat asking ? StatusClient.Sends(asking, settings) : [],
                Seal = all.GetRequiredService<SecretBox>().Seal,
                MakeSecret = MakeSecret,
                FindKind = name => all.GetServices<IDestinationKind>().OfType<IBatchKind>().FirstOrDefault(kind => kind.Kind == name),
                Ed25519 = Ed25519.IsAvailable,
            });
            services.AddOperations();
            services.AddDocs();
            services.AddSingleton<ReadPlaces>();
            services.AddSingleton<PaymentIntake>();
            services.AddSingleton<BulkIntake>();
            foreach (var format in CallbackFormats.All) services.AddSingleton(format);
            services.AddSingleton<CallbackSources>();
            services.AddSingleton<EntryRecorder>();
            services.AddSingleton<CallbackIntake>();
            services.AddQuestions();
            services.AddSingleton<MessageStore>();
            services.AddSingleton<NamedRequestStore>();
            services.AddHostedService(all =>
            {
                var directory = all.GetRequiredService<HubDirectory>();
                var keys = all.GetRequiredService<Identity.KnownKeys>();
                return new ChangeFeed(
                    all.GetRequiredService<NpgsqlDataSource>(),
                    change =>
                    {
                        directory.Forget(change);
                        keys.Forget(change);
                    },
                    () =>
                    {
                        directory.Forget();
                        keys.Forget();
                    },
                    all.GetRequiredService<TimeProvider>(),
                    all.GetRequiredService<ILogger<ChangeFeed>>());
            });
        }
    }

    extension(WebApplication app)
    {
        public void UseApi()
        {
            app.UseMiddleware<HeadRequests>();
            app.UseRouting();
            if (TelemetryHost.IsOn(app.Configuration)) app.UseMiddleware<RequestSpan>();
            app.UseForwardedHeaders();
            app.UseProblems();
            app.UseDocs();
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseMiddleware<StrictRequests>();
            app.UseMiddleware<IdempotencyMiddleware>();
        }

        public void MapApi()
        {
            var api = app.MapGroup("");
            ((IEndpointConventionBuilder)api).Add(endpoint =>
            {
                if (endpoint is RouteEndpointBuilder route && ReadPlaces.IsRead(route)) ReadPlaces.Guard(route);
            });
            ((IEndpointConventionBuilder)api).Finally(endpoint =>
            {
                if (endpoint is RouteEndpointBuilder route && KnownQuery.Of(route) is { } known) endpoint.Metadata.Add(known);
            });
            api.MapPayments();
            api.MapSuspense();
            api.MapUnlink();
            api.MapReversals();
            api.MapRouting();
            api.MapFiles();
            api.MapChannels();
            api.MapQuestions();
            api.MapDeliveries();
            api.MapMessages();
            api.MapCallbacks();
            api.MapManagement();
            api.MapOperations();
            app.MapDocs();
        }
    }

    private static NewSecret MakeSecret(bool pair)
    {
        if (!pair) return NewSecret.Hmac();
        var secret = Ed25519Secret.Make();
        return new NewSecret(secret.Show(), Ed25519Secret.PublicPrefix + Convert.ToBase64String(Ed25519.PublicKey(secret.Seed.ToArray())));
    }

    /// <summary>Refuses a format that there is not, or settings that it can't use.</summary>
    private static Refusal? CheckSettings(string format, JsonElement settings, CallbackIntake callbacks) => format switch
    {
        "json" => settings.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            ? null
            : Refusal.Of("settings", "settings-malformed", "The format json has no settings."),
        "csv" => CsvSettings.Parse(settings).Refused,
        "json-list" => JsonListSettings.Parse(settings).Refused,
        "mpesa-pull" => DarajaPullSettings.Parse(settings).Refused,
        "xml" => XmlSettings.Parse(settings).Refused,
        "mt940" or "mt942" => MtSettings.Parse(settings).Refused,
        "ofx" => OfxSettings.Parse(settings).Refused,
        "camt.052" or "camt.053" or "camt.054" => CamtSettings.Parse(settings).Refused,
        _ when callbacks.Find(format) is { } called => called.CheckSettings(settings),
        _ => Refusal.Of(
            "format",
            "format-unknown",
            $"There is no format '{format}'; use json, json-list, mpesa-pull, camt.052, camt.053, camt.054, mt940, mt942, ofx, csv, xml, {string.Join(", ", CallbackFormats.All.Select(one => one.Name))}."),
    };
}
