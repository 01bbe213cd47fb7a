namespace Dbaas.Control.Audit;

/// <summary>Which events to show; all parts must match.</summary>
internal sealed record AuditFilter
{
    /// <summary>Id of a resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Id of an operation.</summary>
    public string? Operation { get; init; }

    /// <summary>A kind or, ending in a dot, the beginning of kinds: <c>instance.</c></summary>
    public string? Kind { get; init; }

    /// <summary>Name of who acted.</summary>
    public string? Principal { get; init; }

    /// <summary>RFC 3339; not before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>RFC 3339; before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Names list and filters for the cursor.</summary>
    public string Key =>
        $"audit-events?{Resource}&{Operation}&{Kind}&{Principal}&{Since:O}&{Until:O}";
}
