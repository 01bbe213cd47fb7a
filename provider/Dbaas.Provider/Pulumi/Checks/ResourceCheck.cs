using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf.WellKnownTypes;
using Value = Dbaas.Provider.Translation.Value;

namespace Dbaas.Provider.Pulumi.Checks;

/// <summary>
/// Fills in what a program left open and refuses what cannot be, without asking anyone. What the program wrote stays as it wrote it.
/// </summary>
/// <param name="settings">Provider settings by name.</param>
internal sealed class ResourceCheck(IReadOnlyDictionary<string, string> settings)
{
    private static readonly InputCheck Inputs = new(name => name);

    public CheckResponse Check(ResourceSchema resource, CheckRequest request)
    {
        var olds = StructReader.Read(request.Olds);
        var inputs = Known(request.News);
        List<CheckFailure> failures = [];
        foreach (
            var input in resource.Inputs.Where(input => !inputs.Fields.ContainsKey(input.Name))
        )
        {
            if (Absent(input, olds, request) is { } value)
            {
                inputs.Fields[input.Name] = StructWriter
                    .Write(Value.Object([KeyValuePair.Create(input.Name, value)]))
                    .Fields[input.Name];
            }
            else if (input.IsName)
            {
                failures.Add(
                    Failure(
                        input.Name,
                        "Give it a name: the stack's setting pulumi:autonaming switches automatic names off."
                    )
                );
            }
            else if (input.Required)
            {
                failures.Add(Failure(input.Name, $"{input.Name} is missing. {input.Description}"));
            }
        }

        var values = StructReader.Read(inputs);
        var findings = Inputs
            .Unexpected(resource.Inputs, values, InputPath.Root)
            .Concat(Inputs.Members(resource.Inputs, values, InputPath.Root))
            .Concat(Immutable(resource, olds, values));
        failures.AddRange(findings.Select(finding => FailureOf(finding, values)));
        return new CheckResponse { Inputs = inputs, Failures = { failures } };
    }

    /// <summary>What the engine shows: the path as far as it is no secret, and in words where the engine would print a secret beside it.</summary>
    public static CheckFailure FailureOf(InputFinding finding, Value.Map values)
    {
        var path = PropertyPath.Write(values.UpToSecret(finding.Path));
        var reason = $"{finding.Summary}. {finding.Detail}";
        return finding.IsSecret || values[PropertyPath.Top(finding.Path)].HoldsSecret()
            ? Failure("", $"{path}: {reason}")
            : Failure(path, reason);
    }

    /// <summary>The program's inputs without nulls, which mean nothing, and without the engine's own names.</summary>
    private static Struct Known(Struct? news)
    {
        var inputs = new Struct();
        foreach (var (name, value) in news?.Fields ?? new Struct().Fields)
        {
            if (
                !name.StartsWith("__", StringComparison.Ordinal)
                && value.KindCase
                    is not (
                        Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NullValue
                        or Google.Protobuf.WellKnownTypes.Value.KindOneofCase.None
                    )
            )
            {
                inputs.Fields[name] = value;
            }
        }

        return inputs;
    }

    private Value? Absent(SchemaProperty input, Value.Map olds, CheckRequest request)
    {
        if (input.IsName)
        {
            return olds[input.Name] is { IsNull: false } before ? before
                : AutoName.Choose(
                    input.Pattern,
                    LogicalName(request),
                    request.Urn,
                    request.Autonaming
                )
                    is { } name
                    ? new Value.Text(name)
                : null;
        }

        if (input.ProviderDefault is { } setting)
        {
            // What was chosen once stays: a changed setting of the provider must not move a database.
            return olds.Members.Count > 0
                ? olds[input.Name] is { IsNull: false } stays
                    ? stays
                    : null
                : settings.TryGetValue(setting, out var chosen)
                    ? new Value.Text(chosen)
                    : null;
        }

        return input is { Default: { } standard, Type.IsScalar: true }
            ? RestJson.Plain.Read(input, standard)
            : null;
    }

    private static IEnumerable<InputFinding> Immutable(
        ResourceSchema resource,
        Value.Map olds,
        Value.Map news
    ) =>
        resource
            .Inputs.Where(input =>
                input.Immutable is not null
                && olds[input.Name].Bare() is { IsNull: false, IsUnknown: false } before
                && news[input.Name].Bare() is { IsNull: false, IsUnknown: false } after
                && !before.Equals(after)
            )
            .Select(input => new InputFinding(
                InputPath.Root.Then(new InputStep.Member(input.Name)),
                $"{input.Name} cannot be changed in place",
                $"{input.Immutable} Nothing is ever replaced because of a change.",
                news[input.Name].HoldsSecret() || olds[input.Name].HoldsSecret()
            ));

    private static string LogicalName(CheckRequest request) =>
        request.Name.Length > 0
            ? request.Name
            : request.Urn[
                (
                    request.Urn.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var at
                        ? at + 2
                        : 0
                )..
            ];

    private static CheckFailure Failure(string property, string reason) =>
        new() { Property = property, Reason = reason };
}
