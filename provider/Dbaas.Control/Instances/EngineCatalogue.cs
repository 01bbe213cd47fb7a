using Dbaas.Engines;

namespace Dbaas.Control.Instances;

/// <summary>The engines this service offers.</summary>
internal sealed class EngineCatalogue(IReadOnlyList<IDatabaseEngine> engines)
{
    public IReadOnlyList<IDatabaseEngine> All { get; } = engines;

    public IDatabaseEngine? Find(string name) => All.FirstOrDefault(engine => engine.Name == name);

    /// <exception cref="InvalidOperationException">A stored instance names an engine that this build lacks.</exception>
    public IDatabaseEngine Get(string name) =>
        Find(name) ?? throw new InvalidOperationException($"This build has no engine {name}.");
}
