using System.Text.RegularExpressions;

namespace ActorAgents;

/// <summary>Who an agent is: tenant, kind and key. One id is one conversation and one actor.</summary>
public readonly partial record struct AgentId
{
    /// <summary>The tenant of agents that name none.</summary>
    public const string DefaultTenant = "default";

    /// <param name="kind"><c>[a-z][a-z0-9-]{0,63}</c>: which definition the agent follows.</param>
    /// <param name="key">1 to 256 UTF-16 characters in whole pairs, none of them a control character.</param>
    /// <param name="tenant"><c>[A-Za-z0-9._-]{1,64}</c>.</param>
    /// <exception cref="ArgumentException">A part does not have its form; the message names the part and the form.</exception>
    public AgentId(string kind, string key, string tenant = DefaultTenant)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(tenant);
        if (!KindForm().IsMatch(kind))
            throw new ArgumentException($"'{kind}' is not an agent kind: use a lower-case letter, then up to 63 lower-case letters, digits or '-'.", nameof(kind));
        if (!TenantForm().IsMatch(tenant))
            throw new ArgumentException($"'{tenant}' is not a tenant: use 1 to 64 letters, digits, '.', '_' or '-'.", nameof(tenant));
        if (key.Length is 0 or > 256)
            throw new ArgumentException($"An agent key has 1 to 256 characters; this one has {key.Length}.", nameof(key));
        if (key.Any(char.IsControl))
            throw new ArgumentException("An agent key may not contain control characters.", nameof(key));
        if (HasHalfPair(key)) // They all become the same replacement character when written, so that agents would share an actor.
            throw new ArgumentException("An agent key may not contain half of a surrogate pair.", nameof(key));
        (Tenant, Kind, Key) = (tenant, kind, key);
    }

    public string Tenant { get; }
    public string Kind { get; }
    public string Key { get; }

    /// <summary><c>tenant/kind/key</c>, each part URL-encoded, so that it can be split and parsed again.</summary>
    public string Value => $"{Tenant}/{Kind}/{Uri.EscapeDataString(Key)}";

    public override string ToString() => Kind is null ? "" : Value;

    /// <summary>Reads what <see cref="Value"/> wrote.</summary>
    /// <exception cref="FormatException">Not three parts separated by <c>/</c>.</exception>
    public static AgentId Parse(string value) => value?.Split('/') is [var tenant, var kind, var key]
        ? new AgentId(kind, Uri.UnescapeDataString(key), tenant)
        : throw new FormatException($"'{value}' is not an agent id: expected tenant/kind/key.");

    private static bool HasHalfPair(string key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (!char.IsSurrogate(key[i])) continue;
            if (i + 1 == key.Length || !char.IsSurrogatePair(key[i], key[i + 1])) return true;
            i++;
        }
        return false;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KindForm();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TenantForm();
}
