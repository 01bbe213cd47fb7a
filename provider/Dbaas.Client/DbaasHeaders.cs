namespace Dbaas.Client;

/// <summary>Request headers with a meaning of ours.</summary>
public static class DbaasHeaders
{
    /// <summary>Names the tenant when the principal belongs to several.</summary>
    public const string Tenant = "Dbaas-Tenant";

    /// <summary>
    /// Id of one run of a tool (one plugin process). A run that waits for an operation renews a 15-second lease with each request;
    /// adoption of an interrupted create is refused while another run holds it.
    /// </summary>
    public const string RunId = "Dbaas-Run-Id";

    /// <summary>Kind of caller: terraform, pulumi, cli, console; absent for plain HTTP.</summary>
    public const string ClientKind = "Dbaas-Client";

    /// <summary>1 to 255 visible ASCII characters; the answer to the first use is replayed for 24 hours.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>
    /// Version of the platform (semantic). In a request the caller's own, in every answer the control service's: when one side does not
    /// understand the other, it tells which one to upgrade.
    /// </summary>
    public const string Version = "Dbaas-Version";

    /// <summary>Answered with every response and written to every log line and audit row of the request.</summary>
    public const string RequestId = "Dbaas-Request-Id";
}
