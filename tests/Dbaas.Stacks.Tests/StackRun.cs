using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Pulumi;
using Pulumi.Testing;

namespace Dbaas.Stacks.Tests;

/// <summary>Runs a stack without engine and cloud: resources get their inputs back as outputs, and an id.</summary>
public sealed class StackRun : IMocks
{
    /// <summary>Program configuration is read from a variable of the process, so runs take turns.</summary>
    private static readonly SemaphoreSlim Turn = new(1);
    private readonly ConcurrentQueue<Declared> _declared = new();

    /// <summary>What functions answer, by token; a function that is not here answers nothing.</summary>
    public Dictionary<string, object> Answers { get; } = [];

    /// <summary>Outputs that a real provider would add, by resource type.</summary>
    public Dictionary<
        string,
        Func<Declared, ImmutableDictionary<string, object>>
    > Outputs { get; } = [];

    public IReadOnlyCollection<Declared> Resources => _declared;

    public IEnumerable<Declared> Of(string type) => _declared.Where(r => r.Type == type);

    public Declared The(string type, string name) =>
        _declared.Single(r => r.Type == type && r.Name == name);

    /// <param name="project">Project name, under which the configuration lies.</param>
    /// <param name="configuration">Keys without the project, or with another one and a colon; what is no string becomes JSON, as the command line does.</param>
    /// <param name="secrets">Which of them are secret.</param>
    public async Task<ImmutableArray<Resource>> UpAsync<TStack>(
        string project,
        Dictionary<string, object> configuration,
        params string[] secrets
    )
        where TStack : Stack, new()
    {
        await Turn.WaitAsync();
        try
        {
            Environment.SetEnvironmentVariable(
                "PULUMI_CONFIG",
                JsonSerializer.Serialize(
                    configuration.ToDictionary(
                        item =>
                            item.Key.Contains(':', StringComparison.Ordinal)
                                ? item.Key
                                : $"{project}:{item.Key}",
                        item => item.Value as string ?? JsonSerializer.Serialize(item.Value)
                    )
                )
            );
            Environment.SetEnvironmentVariable(
                "PULUMI_CONFIG_SECRET_KEYS",
                JsonSerializer.Serialize(secrets.Select(key => $"{project}:{key}"))
            );
            return await Deployment.TestAsync<TStack>(
                this,
                new TestOptions
                {
                    ProjectName = project,
                    StackName = "test",
                    IsPreview = false,
                }
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
            Environment.SetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS", null);
            Turn.Release();
        }
    }

    Task<(string? id, object state)> IMocks.NewResourceAsync(MockResourceArgs args)
    {
        var declared = new Declared(args.Type!, args.Name!, args.Inputs);
        _declared.Enqueue(declared);
        object state = Outputs.TryGetValue(declared.Type, out var more)
            ? declared.Inputs.SetItems(more(declared))
            : declared.Inputs;
        return Task.FromResult<(string?, object)>(($"{args.Name}-id", state));
    }

    Task<object> IMocks.CallAsync(MockCallArgs args) =>
        Task.FromResult(
            Answers.GetValueOrDefault(args.Token!) ?? ImmutableDictionary<string, object>.Empty
        );
}
