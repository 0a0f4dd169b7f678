using System.Security.Cryptography;
using System.Text;

namespace ActorAgents.Cluster;

/// <summary>The names under which journals hold what is kept. They must never change: what has another name is not found again.</summary>
internal static class PersistenceIds
{
    /// <summary>As many characters has the column of the journal's tables.</summary>
    public const int Longest = 255;

    /// <summary>
    /// <c>agent|tenant|kind|key</c>, the key URL-encoded. Where that is longer than <see cref="Longest"/> the key is a <c>#</c>, which no encoded key
    /// contains, and the SHA-256 of its UTF-8 form in hexadecimal digits.
    /// </summary>
    public static string Of(in AgentId id)
    {
        var owner = $"agent|{id.Tenant}|{id.Kind}|";
        var key = Uri.EscapeDataString(id.Key);
        return owner.Length + key.Length <= Longest ? owner + key : $"{owner}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id.Key)))}";
    }

    /// <summary><c>bucket|number</c>.</summary>
    public static string OfBucket(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bucket|{number}");
}
