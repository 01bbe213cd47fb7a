using Dbaas.Client.Planning;
using Dbaas.Provider.Pulumi.Engine;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>Shows the dry run's outcome beside the resource, in a preview.</summary>
internal sealed class Forecasts(EngineHost engine)
{
    /// <exception cref="Hosting.GrpcException">The change would be refused.</exception>
    public async Task ShowAsync(
        PlanResult plan,
        ResourceSchema resource,
        string urn,
        Redaction redaction
    )
    {
        if (!plan.Valid)
        {
            throw Refusals.Of(plan, resource.Inputs, redaction);
        }

        foreach (var line in Forecast.Of(plan))
        {
            await engine.SayAsync(
                line.Kind == ForecastKind.Cost ? LogSeverity.Info : LogSeverity.Warning,
                Refusals.TextOf(line, resource.Inputs, redaction),
                urn
            );
        }
    }
}
