namespace Dbaas.Control.Health;

/// <param name="Status">ok.</param>
internal sealed record HealthView(string Status);
