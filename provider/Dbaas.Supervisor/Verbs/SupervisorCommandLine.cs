using System.CommandLine;
using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Verbs;

/// <summary>The verbs and their options; `make` calls them, people may.</summary>
internal static class SupervisorCommandLine
{
    private static readonly Option<DirectoryInfo> Root = new("--root")
    {
        Description = "Folder of the installation. Default: DBAAS_ROOT, else /var/lib/dbaas.",
        DefaultValueFactory = _ =>
            new(
                Environment.GetEnvironmentVariable("DBAAS_ROOT") is { Length: > 0 } root
                    ? root
                    : "/var/lib/dbaas"
            ),
    };

    private static readonly Option<DirectoryInfo?> Artifacts = new("--artifacts")
    {
        Description = "Folder of published programs to deploy. Default: keep what is deployed.",
    };

    private static readonly Option<DirectoryInfo?> ImageStore = new("--image-store")
    {
        Description =
            "Folder of engine images, at the first `up` only. Default: images below the root.",
    };

    private static readonly Option<int?> PortBase = new("--port-base")
    {
        Description =
            "First port, at the first `up` only. Default: 7440, or the next free hundred.",
    };

    private static readonly Option<int?> UidBase = new("--id-range")
    {
        Description =
            "First of 10,000 user ids, at the first `up` only. Default: 640000, or the next free range.",
    };

    public static RootCommand Build(TimeProvider time)
    {
        var root = new RootCommand(
            "Starts the parts of the platform on this machine and keeps them running."
        );
        root.Subcommands.Add(
            Verb(
                "init",
                "Makes identity, authorities, secrets and settings; changes nothing that is there.",
                time,
                (context, parsed, cancellationToken) =>
                    new UpVerb(context).InitAsync(Request(parsed), cancellationToken),
                Artifacts,
                ImageStore,
                PortBase,
                UidBase
            )
        );
        root.Subcommands.Add(
            Verb(
                "up",
                "Deploys, starts or upgrades, and waits until everything answers. Databases keep serving.",
                time,
                (context, parsed, cancellationToken) =>
                    new UpVerb(context).RunAsync(Request(parsed), cancellationToken),
                Artifacts,
                ImageStore,
                PortBase,
                UidBase
            )
        );
        root.Subcommands.Add(
            Verb(
                "run",
                "Keeps the units running, in the foreground. TERM ends it and leaves the units alone.",
                time,
                (context, _, cancellationToken) => new RunVerb(context).RunAsync(cancellationToken)
            )
        );
        root.Subcommands.Add(
            Verb(
                "down",
                "Stops databases, then the platform, in order. Loses nothing.",
                time,
                (context, _, cancellationToken) => new DownVerb(context).RunAsync(cancellationToken)
            )
        );
        root.Subcommands.Add(
            Verb(
                "status",
                "Shows the units and whether they answer.",
                time,
                (context, _, cancellationToken) =>
                    new StatusVerb(context).RunAsync(cancellationToken)
            )
        );
        root.Subcommands.Add(
            Verb(
                "clean",
                "Stops everything and removes it, data included.",
                time,
                (context, _, cancellationToken) =>
                    new CleanVerb(context).RunAsync(cancellationToken)
            )
        );
        return root;
    }

    private static UpRequest Request(ParseResult parsed) =>
        new(
            parsed.GetValue(Artifacts)?.FullName,
            parsed.GetValue(ImageStore)?.FullName,
            parsed.GetValue(PortBase),
            parsed.GetValue(UidBase)
        );

    private static Command Verb(
        string name,
        string description,
        TimeProvider time,
        Func<VerbContext, ParseResult, CancellationToken, Task<int>> action,
        params IEnumerable<Option> options
    )
    {
        var verb = new Command(name, description) { Root };
        foreach (var option in options)
        {
            verb.Options.Add(option);
        }

        verb.SetAction(
            async (parsed, cancellationToken) =>
            {
                var paths = new InstallationPaths(parsed.GetRequiredValue(Root).FullName);
                try
                {
                    return await action(new(paths, time, Console.Out), parsed, cancellationToken);
                }
                catch (SupervisorException exception)
                {
                    await Console.Error.WriteLineAsync($"{name}: {exception.Message}");
                    return 1;
                }
            }
        );
        return verb;
    }
}
