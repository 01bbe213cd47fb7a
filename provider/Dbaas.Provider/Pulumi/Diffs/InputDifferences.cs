using Dbaas.Provider.Inputs;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>
/// What a program wants changed. An input it does not mention means the default; where the platform or the provider's settings chose,
/// the choice stays.
/// </summary>
internal static class InputDifferences
{
    /// <param name="resource">The kind of resource.</param>
    /// <param name="inputs">Declared before, bare.</param>
    /// <param name="outputs">What the platform showed last, bare.</param>
    /// <param name="news">Declared now, bare.</param>
    public static IEnumerable<Difference> Of(
        ResourceSchema resource,
        Value.Map inputs,
        Value.Map outputs,
        Value.Map news
    ) =>
        resource.Inputs.SelectMany(input =>
        {
            var declared = !inputs[input.Name].IsNull;
            var before = declared ? inputs[input.Name] : outputs[input.Name];
            if (before.IsNull)
            {
                before = Default(input);
            }

            var after = Wanted(input, news, before);
            return ValueDifferences
                .Between(
                    input,
                    before,
                    after,
                    InputPath.Root.Then(new InputStep.Member(input.Name))
                )
                .Select(difference =>
                    difference with
                    {
                        BetweenInputs = declared || outputs[input.Name].IsNull,
                    }
                );
        });

    /// <summary>The whole desired inputs as they are shown, with what was chosen before for those the program leaves open.</summary>
    public static Value.Map Desired(ResourceSchema resource, Value.Map outputs, Value.Map news) =>
        Value.Object(
            resource.Inputs.Select(input =>
                KeyValuePair.Create(
                    input.Name,
                    Wanted(input, news, IsChosen(input) ? outputs[input.Name] : Value.Null)
                )
            )
        );

    private static Value Wanted(SchemaProperty input, Value.Map news, Value before) =>
        !news[input.Name].IsNull ? news[input.Name]
        : input.Default is not null ? Default(input)
        : IsChosen(input) ? before
        : Value.Null;

    /// <summary>Whether the platform chooses: the program says nothing, and neither default nor setting stands in for it.</summary>
    public static bool IsLeftOpen(SchemaProperty input, Value.Map news) =>
        input.Computed && input.Default is null && news[input.Name].IsNull;

    private static bool IsChosen(SchemaProperty input) =>
        input.Computed || input.ProviderDefault is not null;

    private static Value Default(SchemaProperty input) =>
        input.Default is { } standard ? RestJson.Plain.Read(input, standard) : Value.Null;
}
