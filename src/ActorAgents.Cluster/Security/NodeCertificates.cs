using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;

namespace ActorAgents.Cluster;

/// <summary>The certificate of this node, and the judgement on those of others.</summary>
/// <param name="certificate">With its private key.</param>
internal sealed class NodeCertificates(X509Certificate2 certificate, X509Certificate2Collection authorities, bool checkHostNames)
{
    public X509Certificate2 Own => certificate;

    /// <summary>Reads what the options name.</summary>
    /// <returns>Null with at least one mistake added.</returns>
    public static NodeCertificates? Read(ClusterTlsOptions options, List<string> mistakes)
    {
        var own = OwnOf(options, mistakes);
        var authorities = AuthoritiesOf(options, mistakes);
        return own is null || authorities is null ? null : new NodeCertificates(own, authorities, options.CheckHostNames);
    }

    /// <summary>Whether a peer is let in. It must have been issued by one of the authorities, for servers and clients where it says for what.</summary>
    public bool Accepts(X509Certificate2? peer, X509Chain? shown, string address, SslPolicyErrors errors, ILoggingAdapter log)
    {
        if (peer is null)
        {
            log.Warning("Refused a connection with {0}: it shows no certificate.", address);
            return false;
        }
        if (checkHostNames && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            log.Warning("Refused a connection with {0}: its certificate, {1}, is for another host.", address, peer.Subject);
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        if (shown is not null) chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        if (chain.Build(peer)) return true;
        log.Warning("Refused a connection with {0}: its certificate, {1}, is not valid here: {2}.",
            address, peer.Subject, string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct()));
        return false;
    }

    private static X509Certificate2? OwnOf(ClusterTlsOptions options, List<string> mistakes)
    {
        const string Name = $"{nameof(ClusteredAgentsOptions.Tls)}.{nameof(ClusterTlsOptions.Certificate)}";
        if (!Exists(Name, options.Certificate, mistakes)) return null;
        try
        {
            var own = X509CertificateLoader.LoadPkcs12FromFile(options.Certificate, options.Password);
            if (own.HasPrivateKey) return own;
            mistakes.Add($"{Name} '{options.Certificate}' has no private key: export the certificate together with its key.");
        }
        catch (CryptographicException problem)
        {
            mistakes.Add($"{Name} '{options.Certificate}' cannot be read: {problem.Message} Give a PKCS #12 file and its password.");
        }
        return null;
    }

    private static X509Certificate2Collection? AuthoritiesOf(ClusterTlsOptions options, List<string> mistakes)
    {
        const string Name = $"{nameof(ClusteredAgentsOptions.Tls)}.{nameof(ClusterTlsOptions.Authority)}";
        if (!Exists(Name, options.Authority, mistakes)) return null;
        var authorities = new X509Certificate2Collection();
        try { authorities.ImportFromPemFile(options.Authority); }
        catch (CryptographicException problem) { mistakes.Add($"{Name} '{options.Authority}' cannot be read: {problem.Message}"); return null; }
        if (authorities.Count > 0) return authorities;
        mistakes.Add($"{Name} '{options.Authority}' has no certificate: give a PEM file with the authority's.");
        return null;
    }

    private static bool Exists(string name, string? file, List<string> mistakes)
    {
        if (File.Exists(file)) return true;
        mistakes.Add(string.IsNullOrWhiteSpace(file) ? $"{name} is not set: name a file." : $"{name} '{file}' does not exist.");
        return false;
    }
}
