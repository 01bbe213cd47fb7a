namespace Dbaas.Benchmarks.Scale;

/// <summary>One run of Terraform.</summary>
/// <param name="Seconds">From start to exit.</param>
/// <param name="ProviderProcessorSeconds">Of all its providers together.</param>
/// <param name="ProviderPeakMib">Of the largest.</param>
internal sealed record TerraformFigures(
    double Seconds,
    double ProviderProcessorSeconds,
    double ProviderPeakMib
);
