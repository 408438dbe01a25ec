using System.Runtime.InteropServices;
using System.Text;
using MoMo.Domain.Deliveries;
using MoMo.Edge.Webhooks;

namespace MoMo.Tests.Edge.Webhooks;

/// <summary>Checks signatures of ed25519 pairs as a receiver does, by the public half alone.</summary>
internal static class PairSignature
{
    private const int Type = 1_087; // NID_ED25519
    private const string Scheme = "v1a,";

    /// <summary>Whether one signature of a request is of the pair.</summary>
    /// <param name="request">What came.</param>
    /// <param name="signature">One of its signatures, with its scheme.</param>
    /// <param name="publicKey">As the hub shows it: <c>whpk_…</c>.</param>
    public static bool IsOf(ReceivedRequest request, string signature, string publicKey)
    {
        if (!signature.StartsWith(Scheme, StringComparison.Ordinal)) return false;
        byte[] content = [.. Encoding.ASCII.GetBytes($"{request.Header("webhook-id")}.{request.Header("webhook-timestamp")}."), .. request.Body];
        var signed = Convert.FromBase64String(signature[Scheme.Length..]);
        var bytes = Convert.FromBase64String(publicKey[Ed25519Secret.PublicPrefix.Length..]);
        var key = EVP_PKEY_new_raw_public_key(Type, 0, bytes, (nuint)bytes.Length);
        var context = OpenSsl.EVP_MD_CTX_new();
        try
        {
            Assert.Equal(1, EVP_DigestVerifyInit(context, 0, 0, 0, key));
            return EVP_DigestVerify(context, signed, (nuint)signed.Length, content, (nuint)content.Length) == 1;
        }
        finally
        {
            OpenSsl.EVP_MD_CTX_free(context);
            OpenSsl.EVP_PKEY_free(key);
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(OpenSsl.Library)]
    private static extern nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte[] key, nuint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(OpenSsl.Library)]
    private static extern int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(OpenSsl.Library)]
    private static extern int EVP_DigestVerify(nint context, byte[] signature, nuint signatureLength, byte[] content, nuint length);
}
