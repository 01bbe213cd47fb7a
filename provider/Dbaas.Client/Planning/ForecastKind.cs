namespace Dbaas.Client.Planning;

/// <summary>How much a line of a forecast matters.</summary>
public enum ForecastKind
{
    /// <summary>The change would be refused.</summary>
    Refusal,

    /// <summary>It works, and this should be known before.</summary>
    Warning,

    /// <summary>What it costs.</summary>
    Cost,
}
