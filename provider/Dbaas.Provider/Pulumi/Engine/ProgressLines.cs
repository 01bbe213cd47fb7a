using System.Globalization;
using Dbaas.Client.Operations;

namespace Dbaas.Provider.Pulumi.Engine;

/// <summary>Shows how far an operation is in the resource's row, and remembers which resource it is about.</summary>
internal sealed class ProgressLines(EngineHost engine, string urn)
{
    private string last = "";

    /// <summary>The resource under work; null until the service said it has begun.</summary>
    public string? ResourceId { get; private set; }

    public void Report(OperationView operation)
    {
        ResourceId = operation.ResourceId;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{operation.CurrentStep} ({operation.ProgressPercent} %)"
        );
        if (line != last)
        {
            last = line;
            engine.Show(line, urn);
        }
    }
}
