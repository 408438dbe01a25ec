using MoMo.Silo.Operations;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MoMo.Silo.Telemetry;

/// <summary>
/// Makes the hub's instruments, and sends metrics and traces over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, such as
/// <c>http://collector:4318</c>. <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> is <c>http/protobuf</c> (default) or <c>grpc</c>; <c>…_HEADERS</c>,
/// <c>OTEL_SERVICE_NAME</c>, <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_METRIC_EXPORT_INTERVAL</c> are honoured.
/// </summary>
internal sealed class TelemetryHost(HubGauges gauges, MetricsText text, IConfiguration configuration) : IHostedService, IDisposable
{
    private const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const int WaitMax = 3_000;

    // Of requests to others, all but the server: its name is that of an account.
    private static readonly MetricStreamConfiguration Nameless = new()
    {
        TagKeys = ["http.request.method", "http.response.status_code", "http.connection.state", "error.type", "network.protocol.version", "url.scheme"],
    };

    private MeterProvider? metrics;
    private TracerProvider? traces;

    /// <summary>Whether somebody is to be sent to.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[EndpointName]);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Both listen from the start although nobody may ask for long.
        ArgumentNullException.ThrowIfNull(gauges);
        ArgumentNullException.ThrowIfNull(text);
        if (!IsOn(configuration)) return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService("momo", serviceVersion: StatusBoard.Version).AddEnvironmentVariableDetector();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(HubMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql")
            .AddView(static instrument => instrument.Meter.Name == "System.Net.Http" ? Nameless : null)
            .AddOtlpExporter(options => Set(options, "v1/metrics")).Build();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql").AddProcessor(new PathlessSpans())
            .AddOtlpExporter(options => Set(options, "v1/traces")).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Sends what is left; a collector that is away must not hold up the stop.
        metrics?.Shutdown(WaitMax);
        traces?.Shutdown(WaitMax);
        metrics?.Dispose();
        traces?.Dispose();
    }

    private void Set(OtlpExporterOptions options, string path)
    {
        var endpoint = configuration[EndpointName]!.TrimEnd('/');
        var grpc = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc";
        options.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(grpc ? endpoint : $"{endpoint}/{path}");
        options.Headers = configuration["OTEL_EXPORTER_OTLP_HEADERS"];
    }
}
