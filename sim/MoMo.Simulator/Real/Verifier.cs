using System.Security.Cryptography;
using System.Text;

namespace MoMo.Simulator.Real;

/// <summary>A receiver's side of Standard Webhooks, written from the specification and sharing nothing with the sender.</summary>
internal static class Verifier
{
    public static string Expected(byte[] key, string id, string timestamp, byte[] body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    public static bool Accepts(byte[] key, string id, string timestamp, string signatures, byte[] body) =>
        signatures.Split(' ').Contains(Expected(key, id, timestamp, body));
}
