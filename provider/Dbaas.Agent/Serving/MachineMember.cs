using Dbaas.Engines;
using Dbaas.Protocol.Agent;

namespace Dbaas.Agent.Serving;

/// <summary>
/// The machine's one engine. Which it is says the first specification; after that a machine never changes it, so the choice is kept
/// on the volume for the agents to come.
/// </summary>
internal sealed class MachineMember(MemberEnvironment environment)
{
    private readonly string _choice = Path.Combine(environment.VolumeRoot, "agent", "engine");
    private IEngineMember? _member;

    /// <summary>Takes back what an earlier agent left.</summary>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (
            File.Exists(_choice)
            && DatabaseEngines.Find(await File.ReadAllTextAsync(_choice, cancellationToken))
                is { } engine
        )
        {
            _member = engine.CreateMember(environment);
            await _member.AdoptAsync(cancellationToken);
        }
    }

    /// <summary>The member, or null before the first specification.</summary>
    public IEngineMember? Current => _member;

    /// <summary>The member for a specification, or null when this machine cannot run its engine.</summary>
    public IEngineMember? For(MemberSpec spec)
    {
        if (_member is null && DatabaseEngines.Find(spec.Engine) is { } engine)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_choice)!);
            File.WriteAllText(_choice, engine.Name);
            _member = engine.CreateMember(environment);
        }

        return _member;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _member?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
