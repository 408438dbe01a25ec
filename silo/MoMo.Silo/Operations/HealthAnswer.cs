using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MoMo.Silo.Operations;

/// <summary>Writes a health report: <c>{"status":"ready","checks":{"database":"…"}}</c>.</summary>
internal static class HealthAnswer
{
    public static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json";
        using var body = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, report.Status == HealthStatus.Healthy ? "ok"u8 : "unavailable"u8);
            json.WriteStartObject("checks"u8);
            foreach (var (name, entry) in report.Entries) json.WriteString(name, entry.Description);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return http.Response.BodyWriter.WriteAsync(body.ToArray(), http.RequestAborted).AsTask();
    }
}
