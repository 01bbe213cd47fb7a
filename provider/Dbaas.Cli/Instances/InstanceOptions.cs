using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Cli.Output;
using Dbaas.Cli.Problems;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Instances;

/// <summary>Flags of create and update; what is not named is not sent.</summary>
internal sealed class InstanceOptions
{
    private const string None = "none";
    private readonly List<(Option Option, Action<ParseResult, JsonObject> Read)> options = [];

    public InstanceOptions(bool forUpdate)
    {
        if (forUpdate)
        {
            Add<string>("--name", "name", "NEW-NAME", "New name.");
        }
        else
        {
            Add<string>(
                "--engine",
                "engine",
                "E",
                "Engine, e.g. postgresql or mysql (`dbaas engine list`).",
                required: true
            );
            Add<string>(
                "--region",
                "region",
                "R",
                "Region (`dbaas region list`); default: the platform's."
            );
        }

        Add<string>(
            "--engine-version",
            "engineVersion",
            "V",
            "Major version, or a minor as a floor."
        );
        Add<double>("--cpu", "cpu", "N", "CPU ceiling in cores.");
        Add<double>("--memory-gib", "memoryGib", "N", "Memory in GiB.");
        Add<int>("--storage-gib", "storageGib", "N", "Storage in GiB; it grows and never shrinks.");
        AddList("--database", "databases", "NAME", "Database that must exist; repeatable.");
        AddList(
            "--allowed-cidr",
            "allowedCidrs",
            "CIDR",
            "Network that may connect; repeatable, replaces the list; none: nobody."
        );
        AddPairs(
            "--parameter",
            "parameters",
            "Engine parameter; repeatable; KEY= restores the default."
        );
        Add<string>("--kms-key-id", "kmsKeyId", "KEY", "Customer key: id or alias.");
        AddPairs("--tag", "tags", "Label; repeatable; KEY= removes it.");
        Add<string>(
            "--change-policy",
            "changePolicy",
            "immediate|window",
            "When changes that need a restart are made."
        );
        Add<bool>(
            "--deletion-protection",
            "deletionProtection",
            "true|false",
            "Whether deletion is refused."
        );
        AddWindow();
    }

    public void AddTo(Command command)
    {
        foreach (var (option, _) in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The named properties, as a merge patch (RFC 7396).</summary>
    public JsonObject Read(ParseResult parsed)
    {
        var declared = new JsonObject();
        foreach (var (option, read) in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                read(parsed, declared);
            }
        }

        return declared;
    }

    public static InstanceInputs ToInputs(JsonObject declared) =>
        declared.Deserialize(JsonOutput.Contract<InstanceInputs>())!;

    private void Add<T>(
        string name,
        string property,
        string helpName,
        string description,
        bool required = false
    )
    {
        var option = new Option<T>(name)
        {
            HelpName = helpName,
            Description = description,
            Required = required,
            Arity = ArgumentArity.ExactlyOne,
        };
        options.Add(
            (
                option,
                (parsed, into) =>
                    into[property] = JsonSerializer.SerializeToNode(
                        parsed.GetValue(option)!,
                        JsonOutput.Contract<T>()
                    )
            )
        );
    }

    private void AddList(string name, string property, string helpName, string description)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Description = description };
        options.Add(
            (
                option,
                (parsed, into) =>
                    into[property] = new JsonArray([
                        .. parsed
                            .GetValue(option)!
                            .Where(item => item != None)
                            .Select(item => (JsonNode)item),
                    ])
            )
        );
    }

    private void AddPairs(string name, string property, string description)
    {
        var option = new Option<string[]>(name)
        {
            HelpName = "KEY=VALUE",
            Description = description,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                {
                    result.AddError($"{name} takes KEY=VALUE, not '{token.Value}'.");
                }
            }
        });
        options.Add(
            (
                option,
                (parsed, into) =>
                {
                    var pairs = new JsonObject();
                    foreach (var pair in parsed.GetValue(option)!)
                    {
                        var equals = pair.IndexOf('=', StringComparison.Ordinal);
                        var value = pair[(equals + 1)..];
                        pairs[pair[..equals]] = value.Length == 0 ? null : value;
                    }

                    into[property] = pairs;
                }
            )
        );
    }

    private void AddWindow()
    {
        var option = new Option<string>("--maintenance-window")
        {
            HelpName = "DAY-HH:MM[/MINUTES]",
            Description = "Weekly window in UTC, e.g. sunday-03:30/60.",
        };
        options.Add(
            (
                option,
                (parsed, into) => into["maintenanceWindow"] = ReadWindow(parsed.GetValue(option)!)
            )
        );
    }

    private static JsonObject ReadWindow(string text)
    {
        if (
            text.Split('-', 2) is not [var day, var rest]
            || rest.Split('/') is not [var start, .. var more]
            || more.Length > 1
        )
        {
            throw Misshapen(text);
        }

        var window = new JsonObject { ["day"] = day.ToLowerInvariant(), ["startTime"] = start };
        if (more is [var minutes])
        {
            window["durationMinutes"] = int.TryParse(minutes, out var number)
                ? number
                : throw Misshapen(text);
        }

        return window;
    }

    private static CliException Misshapen(string text) =>
        new(
            ExitCode.Usage,
            $"--maintenance-window takes DAY-HH:MM[/MINUTES], for example sunday-03:30/60, not '{text}'."
        );
}
