using System.Text.Json;
using MoMo.Tests.Support;

namespace MoMo.Tests.Api;

/// <summary>Statement files that tests send to a hub.</summary>
internal static class StatementFiles
{
    /// <summary>Settings of the M-Pesa portal's CSV.</summary>
    public const string PortalSettings = """
        {"currency":"KES","time_zone":"Africa/Nairobi","paid_at_formats":["dd/MM/yyyy HH:mm:ss"],"text_after":["Account Number "],
         "columns":{"psp_reference":"Receipt No.","credit":"Paid In","debit":"Withdrawn","paid_at":"Completion Time","text":"Details"},
         "filters":[{"column":"Transaction Status","equals":"Completed","otherwise":"pending"}]}
        """;

    /// <summary>A file that is kept beside the tests.</summary>
    public static byte[] Golden(string folder, string file) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", folder, file));

    extension(HubClient hub)
    {
        /// <summary>A PSP and an adapter of the same id.</summary>
        public async Task AddFileAdapterAsync(string adapter, string format, JsonElement? settings)
        {
            await hub.AddPspAsync(adapter);
            await hub.AddAdapterAsync(adapter, adapter, format, settings);
        }

        public async Task<HubAnswer> SendFileAsync(string adapter, byte[] bytes, string query = "")
        {
            using var body = new ByteArrayContent(bytes);
            return await hub.SendAsync(HttpMethod.Post, $"/v1/adapters/{adapter}/files{query}", body);
        }
    }

    extension(HubAnswer answer)
    {
        /// <summary>A number of the answer.</summary>
        public int Count(string name) => answer.Json.GetProperty(name).GetInt32();
    }
}
