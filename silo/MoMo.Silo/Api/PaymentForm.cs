using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using MoMo.Domain.Payments;
using MoMo.Edge.Formats.Json;
using MoMo.Engine;

namespace MoMo.Silo.Api;

/// <summary>
/// Reads one payment in the standard form from form data, as programs or as browsers and <c>curl -F</c> send it; a payer's fields are
/// <c>payer.name</c>, <c>payer.phone</c>, <c>payer.account</c>.
/// </summary>
internal static class PaymentForm
{
    /// <summary>The media type of a form as one line.</summary>
    public const string UrlEncoded = "application/x-www-form-urlencoded";

    /// <summary>The media type of a form in parts.</summary>
    public const string Multipart = "multipart/form-data";

    private const int FieldsMax = 64;
    private const int NameMax = 200;
    private const int ValueMax = 8_192;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a media type is that of a form.</summary>
    public static bool Takes(MediaTypeHeaderValue type) => Is(type, UrlEncoded) || Is(type, Multipart);

    /// <summary>Reads a payment.</summary>
    /// <param name="bytes">The whole body.</param>
    /// <param name="type">Its media type, one that is taken.</param>
    /// <param name="draft">Empty; holds what could be read.</param>
    /// <returns>The payment, or <c>malformed-form</c>, or <c>payment-malformed</c> with every fault at once.</returns>
    public static async ValueTask<Outcome<PaymentNotice>> ReadAsync(byte[] bytes, MediaTypeHeaderValue type, PaymentDraft draft)
    {
        try
        {
            var fields = Is(type, Multipart) ? await PartsAsync(bytes, type) : Line(bytes);
            foreach (var (name, values) in fields)
            {
                if (values.Count > 1) draft.Fault(name, "duplicate", $"{name} stands twice.");
                Set(draft, name, values[0]);
            }

            return draft.Check(null);
        }
        catch (FormException e)
        {
            return new Refusal("malformed-form", $"The form can't be read: {RouteText.Part(e.Message)}");
        }
        catch (InvalidDataException)
        {
            return new Refusal(
                "malformed-form", $"The form can't be read: it has more than {FieldsMax} fields, a name above {NameMax} or a value above {ValueMax} characters, or a torn header.");
        }
        catch (IOException)
        {
            return new Refusal("malformed-form", "The form can't be read: it ends before its last boundary.");
        }
        catch (DecoderFallbackException)
        {
            // Read with replacements it would be another reference, or another name.
            return new Refusal("malformed-form", "The form is not UTF-8.");
        }
    }

    private static Dictionary<string, StringValues> Line(byte[] bytes)
    {
        if (PercentEncoding.Fault(bytes) is { } fault) throw new FormException(fault);
        using var reader = new FormReader(Strict.GetString(bytes)) { ValueCountLimit = FieldsMax, KeyLengthLimit = NameMax, ValueLengthLimit = ValueMax };
        return reader.ReadForm();
    }

    private static async Task<Dictionary<string, StringValues>> PartsAsync(byte[] bytes, MediaTypeHeaderValue type)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > 70) throw new FormException("its Content-Type needs a boundary of 1 to 70 characters.");
        var fields = new KeyValueAccumulator();
        var reader = new MultipartReader(boundary.ToString(), new MemoryStream(bytes, writable: false));
        while (await reader.ReadNextSectionAsync() is { } part)
        {
            var name = part.GetContentDispositionHeader() is { } disposition ? HeaderUtilities.RemoveQuotes(disposition.Name).ToString() : "";
            if (name.Length is 0 or > NameMax) throw new FormException($"a part needs a name of 1 to {NameMax} characters.");
            if (fields.ValueCount == FieldsMax) throw new FormException($"it has more than {FieldsMax} parts.");
            using var value = new MemoryStream();
            await part.Body.CopyToAsync(value);
            if (value.Length > ValueMax) throw new FormException($"{name} has more than {ValueMax} bytes.");
            fields.Append(name, Strict.GetString(value.GetBuffer(), 0, (int)value.Length));
        }

        return fields.GetResults();
    }

    private static bool Is(MediaTypeHeaderValue type, string name) => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);

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
            case "text":
                draft.Text = value;
                break;
            case "shortcode":
                draft.Shortcode = value;
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
                draft.Unknown(name);
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
