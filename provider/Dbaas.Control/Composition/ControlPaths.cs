namespace Dbaas.Control.Composition;

/// <summary>Relative paths in the settings file are relative to the file, wherever the process was started.</summary>
internal static class ControlPaths
{
    public static void Resolve(ControlOptions options, string folder)
    {
        string At(string path) => path.Length == 0 ? path : Path.GetFullPath(path, folder);

        options.CertificateFile = At(options.CertificateFile);
        options.KeyFile = At(options.KeyFile);
        options.KmsCredentialsFile = At(options.KmsCredentialsFile);
        options.KmsCaFile = options.KmsCaFile is { } ca ? At(ca) : null;
        options.FirstAdminKeyFile = At(options.FirstAdminKeyFile);
        var pki = options.Pki;
        pki.InternalCertificateFile = At(pki.InternalCertificateFile);
        pki.InternalKeyFile = At(pki.InternalKeyFile);
        pki.EndpointCertificateFile = At(pki.EndpointCertificateFile);
        pki.EndpointKeyFile = At(pki.EndpointKeyFile);
        pki.ClientCertificateFile = At(pki.ClientCertificateFile);
        pki.ClientKeyFile = At(pki.ClientKeyFile);
    }
}
