using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>Reads one payment in the standard form from form data; a payer's fields are <c>payer.name</c>, <c>payer.phone</c>, <c>payer.account</c>.</summary>
internal static class PaymentForm
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Outcome<PaymentNotice> Read(byte[] bytes)
    {
        var draft = new PaymentDraft();
        Dictionary<string, Microsoft.Extensions.Primitives.StringValues> fields;
        try
        {
            using var reader = new FormReader(Strict.GetString(bytes)) { ValueCountLimit = 64, KeyLengthLimit = 200, ValueLengthLimit = 8_192 };
            fields = reader.ReadForm();
        }
        catch (InvalidDataException e)
        {
            return new Refusal("malformed-form", $"The form can't be read: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            // Read with replacements it would be another reference, or another name.
            return new Refusal("malformed-form", "The form is not UTF-8.");
        }

        foreach (var (name, values) in fields)
        {
            if (values.Count > 1) draft.Fault(name, "duplicate", $"{name} stands twice.");
            Set(draft, name, values[0]);
        }

        return draft.Check(null);
    }

    private static void Set(PaymentDraft draft, string name, string? value)
    {
        switch (name)
        {
            case "psp":
                draft.Psp = value;
                break;
            case "psp_reference":
                draft.PspReference = value;
                break;
            case "account_id":
                draft.AccountId = value;
                break;
            case "reference_id":
                draft.ReferenceId = value;
                break;
            case "amount":
                draft.Amount = value;
                break;
            case "currency":
                draft.Currency = value;
                break;
            case "paid_at":
                draft.PaidAt = value;
                break;
            case "payer.name":
                draft.PayerName = value;
                break;
            case "payer.phone":
                draft.PayerPhone = value;
                break;
            case "payer.account":
                draft.PayerAccount = value;
                break;
            case "metadata":
                SetMetadata(draft, value);
                break;
            default:
                draft.Fault(name.Length > 60 ? name[..60] : name, "field-unknown", "There is no such field; your own fields belong into metadata.");
                break;
        }
    }

    private static void SetMetadata(PaymentDraft draft, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        if (JsonText.IsObject(Encoding.UTF8.GetBytes(value))) draft.Metadata = value;
        else draft.Fault("metadata", "type", "metadata is a JSON object.");
    }
}
