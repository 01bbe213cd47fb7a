namespace Dbaas.Control.Instances.Rules;

/// <summary>What the rules need to know besides the inputs.</summary>
/// <param name="Engines">Engines on offer.</param>
/// <param name="Regions">Names of regions, the default one first.</param>
/// <param name="Id">Of the instance, from which the default window is drawn.</param>
internal sealed record RuleSurroundings(
    EngineCatalogue Engines,
    IReadOnlyList<string> Regions,
    Guid Id
)
{
    /// <summary>Pointers of inputs whose value is not known yet: they are not judged.</summary>
    public IReadOnlySet<string> Unknown { get; init; } = new HashSet<string>();

    /// <summary>Date in UTC; versions whose end of life is past get no new instances.</summary>
    public DateOnly Today { get; init; }

    /// <summary>Full version that runs; empty before the first start.</summary>
    public string ActualVersion { get; init; } = "";

    /// <summary>Newest full version of the instance's major that a host has an image of; empty when none is known.</summary>
    public string NewestImage { get; init; } = "";
}
