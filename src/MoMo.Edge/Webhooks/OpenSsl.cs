using System.Runtime.InteropServices;

namespace MoMo.Edge.Webhooks;

/// <summary>Functions of OpenSSL 3, under their own names: the library that .NET itself calls on Linux.</summary>
internal static class OpenSsl
{
    /// <summary>The name of OpenSSL 3's library on Linux.</summary>
    public const string Library = "libcrypto.so.3";

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte[] key, nuint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern int EVP_PKEY_get_raw_public_key(nint key, byte[] publicKey, ref nuint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern void EVP_PKEY_free(nint key);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern nint EVP_MD_CTX_new();

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern void EVP_MD_CTX_free(nint context);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport(Library)]
    public static extern int EVP_DigestSign(nint context, byte[] signature, ref nuint signatureLength, byte[] content, nuint length);
}
