using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Dbaas.Host.Rpc;

/// <summary>URI names of a certificate (RFC 5280, 4.2.1.6); .NET lists only DNS names and addresses.</summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != SubjectAlternativeName)
            {
                continue;
            }
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag().HasSameClassAndValue(Uri))
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        return names;
    }
}
