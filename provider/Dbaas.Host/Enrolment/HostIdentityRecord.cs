namespace Dbaas.Host.Enrolment;

/// <summary>Who the control service says this host is.</summary>
/// <param name="HostId">Typed id; also in the certificate's URI name.</param>
/// <param name="EnrolledAt">RFC 3339.</param>
internal sealed record HostIdentityRecord(string HostId, string EnrolledAt);
