using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MoMo.Silo.Docs;

/// <summary>Examples of what is brought, and of what comes back.</summary>
internal static class PaymentExamples
{
    public static void AddTo(OpenApiOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
            body.Examples = new Dictionary<string, IOpenApiExample>
            {
                ["by reference"] = Example("A customer's payment; the hub finds the account.", """
                    {
                      "psp": "mpesa", "psp_reference": "QK7A1B2C3D", "reference_id": "4711", "amount": "1250.50", "currency": "KES",
                      "paid_at": "2026-03-01T09:15:00+03:00", "payer": { "name": "Jane W.", "phone": "254700***123" }
                    }
                    """),
                ["by account"] = Example("Money for an account itself.", """
                    { "psp": "mpesa", "psp_reference": "QK7A1B2C3E", "account_id": "acme", "amount": "300", "currency": "KES" }
                    """),
                ["as typed"] = Example("What the payer typed, and the number that was paid to; the rules say what they mean.", """
                    { "psp": "mpesa", "psp_reference": "QK7A1B2C3F", "text": "acme#4711", "shortcode": "600638", "amount": "300", "currency": "KES" }
                    """),
            };
        if (Answer(operation, "201") is { } taken)
            taken.Examples = new Dictionary<string, IOpenApiExample>
            {
                ["accepted"] = Example("An account has it.", """
                    {
                      "id": "019ca3b2-6d5e-7001-9f0a-1c2d3e4f5a6b", "status": "accepted", "psp": "mpesa", "psp_reference": "QK7A1B2C3D",
                      "account_id": "acme", "reference_id": "4711", "sequence": 1, "amount": "1250.50", "currency": "KES",
                      "paid_at": "2026-03-01T06:15:00+00:00", "paid_at_precision": "instant", "received_at": "2026-03-01T06:15:02.123456+00:00",
                      "replayed": false, "decision": [{ "rule": "reference", "verdict": "found", "account_id": "acme", "reference_id": "4711" }],
                      "proof_sha256": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"
                    }
                    """),
            };
        if (Answer(operation, "200") is { } replayed)
            replayed.Examples = new Dictionary<string, IOpenApiExample>
            {
                ["replayed"] = Example("It had been taken before: the same answer, marked.", """
                    {
                      "id": "019ca3b2-6d5e-7001-9f0a-1c2d3e4f5a6b", "status": "accepted", "psp": "mpesa", "psp_reference": "QK7A1B2C3D",
                      "account_id": "acme", "reference_id": "4711", "sequence": 1, "amount": "1250.50", "currency": "KES",
                      "received_at": "2026-03-01T06:15:02.123456+00:00", "replayed": true, "decision": []
                    }
                    """),
            };
        if (Answer(operation, "409") is { } differs)
            differs.Examples = new Dictionary<string, IOpenApiExample>
            {
                ["payment-differs"] = Example("The psp_reference was used before with other content.", """
                    {
                      "type": "/docs/problems#payment-differs", "title": "Conflict", "status": 409, "code": "payment-differs",
                      "detail": "mpesa already sent QK7A1B2C3D as payment 019ca3b2-… with another amount. A payment is never changed; use a new psp_reference for new money.",
                      "errors": { "amount": ["Differs from payment 019ca3b2-…."] }
                    }
                    """),
            };
    }

    /// <summary>A PSP's message is read by its format, so the document learns of it here.</summary>
    public static void AddCallbackTo(OpenApiOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "What the PSP sends, here M-Pesa's C2B message; at most 64 KiB.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse("""
                        {
                          "TransactionType": "Pay Bill", "TransID": "RKTQDM7W6S", "TransTime": "20260301091500", "TransAmount": "10",
                          "BusinessShortCode": "600638", "BillRefNumber": "acme#4711", "MSISDN": "25470****149", "FirstName": "John"
                        }
                        """),
                },
            },
        };
    }

    private static OpenApiMediaType? Answer(OpenApiOperation operation, string status) =>
        operation.Responses?.TryGetValue(status, out var answer) == true ? answer.Content?.Values.FirstOrDefault() : null;

    private static OpenApiExample Example(string summary, string json) => new() { Summary = summary, Value = JsonNode.Parse(json) };
}
