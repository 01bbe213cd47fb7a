using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Http.RateLimits;

/// <summary>Requests one API key (or, without a valid key, one address) may send to one process.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>At once. 200: a plan over a hundred instances with a read and a dry run each passes without waiting.</summary>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Per second, for long. 50: far above what tools that wait on operations send, far below what the service can answer.</summary>
    [Range(1, 100_000)]
    public int PerSecond { get; set; } = 50;

    /// <summary>At once from one address without a valid key. 30: guessing keys is slow and cannot fill the audit trail.</summary>
    [Range(1, 100_000)]
    public int StrangerBurst { get; set; } = 30;

    /// <summary>Per second from one address without a valid key.</summary>
    [Range(1, 100_000)]
    public int StrangerPerSecond { get; set; } = 1;
}
