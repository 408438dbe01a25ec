using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MoMo.Client.Wire;
using MoMo.Silo.Api;

namespace MoMo.Tests.Fuzz;

/// <summary>The body of a managing request: read as a wire record, with JSON of its own inside.</summary>
internal sealed class AdapterBodyTarget : IFuzzTarget
{
    public string Name => "adapter body";

    public IReadOnlyList<byte[]> Samples { get; } =
    [
        """{"id":"mpesa","name":"M-Pesa","psp":"psp","format":"mpesa-c2b","settings":{"when_unsure":"accept"},"rules":[{"rule":"account"}],"archived":false}"""u8.ToArray(),
        """{"id":"bank","name":"Bänk","psp":"psp","format":"camt.053","settings":{"time_zone":"Europe/Berlin"}}"""u8.ToArray(),
    ];

    public FuzzOutcome Run(byte[] input)
    {
        var http = new DefaultHttpContext { Request = { ContentType = "application/json", Body = new MemoryStream(input, writable: false) } };
        try
        {
            var reading = JsonBody<AdapterSpec>.BindAsync(http, null!).AsTask();
            Kept.Demand(reading.IsCompleted, "a body that waits for something else");
            var spec = reading.GetAwaiter().GetResult()!.Value;
            var checks = new Checks();
            checks.NewId(spec.Id);
            checks.Name(spec.Name);
            return checks.Refusal is { } refusal ? Kept.Refused(refusal) : new FuzzOutcome("accepted");
        }
        catch (JsonException)
        {
            return new FuzzOutcome("malformed");
        }
    }
}
