namespace Dbaas.Supervisor.Verbs;

/// <param name="Artifacts">Published programs, or null to keep what is deployed.</param>
/// <param name="ImageStore">At the first call: where images lie.</param>
/// <param name="PortBase">At the first call: first port.</param>
/// <param name="UidBase">At the first call: first uid.</param>
internal sealed record UpRequest(
    string? Artifacts,
    string? ImageStore,
    int? PortBase,
    int? UidBase
);
