using System.Security.Cryptography;
using System.Text;

namespace ActorAgents.AspNetCore;

/// <summary>Somebody who may call, known by a secret of which only the hash is kept.</summary>
public sealed record ApiKey
{
    private const string HashPrefix = "sha256:";

    /// <param name="name">Names it in logs and limits.</param>
    /// <param name="hash">What <see cref="Hash"/> gives for the secret.</param>
    /// <param name="scopes">Of <see cref="ActorAgentsScopes"/>.</param>
    /// <param name="tenant">Whose agents it reaches. Absent: those of the default tenant and, with <see cref="ActorAgentsScopes.Admin"/>, the halts of all.</param>
    /// <exception cref="ArgumentException">A part does not have its form; the message names it.</exception>
    public ApiKey(string name, string hash, IEnumerable<string> scopes, string? tenant = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(scopes);
        Hashed = Decode(hash) ?? throw new ArgumentException($"The hash of key '{name}' must be '{HashPrefix}' and 64 hexadecimal digits.", nameof(hash));
        Scopes = [.. scopes];
        if (Scopes.Count == 0) throw new ArgumentException($"Key '{name}' has no scope, so that it could do nothing. Scopes: {string.Join(", ", ActorAgentsScopes.All)}.", nameof(scopes));
        foreach (var scope in Scopes.Where(scope => !ActorAgentsScopes.All.Contains(scope)))
            throw new ArgumentException($"Key '{name}' has the scope '{scope}', which is none of: {string.Join(", ", ActorAgentsScopes.All)}.", nameof(scopes));
        if (tenant is not null) _ = new AgentId("x", "x", tenant);
        (Name, Tenant) = (name, tenant);
    }

    public string Name { get; }
    public IReadOnlyList<string> Scopes { get; }
    public string? Tenant { get; }
    internal byte[] Hashed { get; }

    /// <summary>
    /// What is kept of a secret: <c>sha256:</c> and its SHA-256 in hexadecimal. One round is enough because the secrets are random; a password would need
    /// many.
    /// </summary>
    public static string Hash(string secret) => HashPrefix + Convert.ToHexStringLower(HashOf(secret));

    /// <summary>A new secret: <c>aa_</c> and 256 random bits.</summary>
    public static string NewSecret() => "aa_" + Base64Url(RandomNumberGenerator.GetBytes(32));

    internal static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static byte[]? Decode(string? hash) =>
        hash is not null && hash.StartsWith(HashPrefix, StringComparison.Ordinal) && hash.Length == HashPrefix.Length + 64
        && hash.AsSpan(HashPrefix.Length).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0
            ? Convert.FromHexString(hash.AsSpan(HashPrefix.Length)) : null;

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
