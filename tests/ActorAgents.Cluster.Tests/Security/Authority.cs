using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorAgents.Cluster.Tests.Security;

/// <summary>An authority of a test, with its files in a folder that ends with it.</summary>
internal sealed class Authority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actoragents-");
    private readonly X509Certificate2 _root;
    private int _issued;

    public Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-30), TimeProvider.System.GetUtcNow().AddDays(30));
        File.WriteAllText(File_("authority.pem"), _root.ExportCertificatePem());
    }

    public string PemFile => File_("authority.pem");

    /// <summary>Options of a node with a new certificate of this authority.</summary>
    /// <param name="uses">What the certificate is for: both ends of a connection unless given.</param>
    public ClusterTlsOptions Issue(int validFromDays = -1, int validToDays = 1, string address = "127.0.0.1", params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. (uses is [] ? [Server, Client] : uses).Select(use => new Oid(use))], critical: false));
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(validFromDays), TimeProvider.System.GetUtcNow().AddDays(validToDays));
        using var issued = request.Create(_root, from, to, BitConverter.GetBytes(++_issued)).CopyWithPrivateKey(key);
        File.WriteAllBytes(File_($"node{_issued}.pfx"), issued.Export(X509ContentType.Pkcs12, Password));
        return new ClusterTlsOptions { Certificate = File_($"node{_issued}.pfx"), Password = Password, Authority = PemFile };
    }

    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";
    public const string Password = "correct horse battery";

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private string File_(string name) => Path.Combine(_folder.FullName, name);
}
