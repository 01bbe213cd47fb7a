using Dbaas.Provider.Connection;
using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Checks;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi;

/// <summary>Calls a function of the schema: arguments go into its path or query, the answer's secrets are marked.</summary>
internal sealed class FunctionCall(ProviderSession session)
{
    private static readonly InputCheck Inputs = new(name => name);

    public async Task<InvokeResponse> InvokeAsync(
        FunctionSchema function,
        InvokeRequest request,
        CancellationToken cancellationToken
    )
    {
        var marked = StructReader.Read(request.Args);
        var failures = Inputs
            .Unexpected(function.Inputs, marked, InputPath.Root)
            .Concat(Inputs.Members(function.Inputs, marked, InputPath.Root))
            .Concat(
                function
                    .Inputs.Where(input => input.Required && marked[input.Name].IsNull)
                    .Select(input => new InputFinding(
                        InputPath.Root.Then(new InputStep.Member(input.Name)),
                        $"{input.Name} is missing",
                        input.Description,
                        IsSecret: false
                    ))
            )
            .Select(finding => ResourceCheck.FailureOf(finding, marked))
            .ToList();
        if (failures.Count > 0)
        {
            return new InvokeResponse { Failures = { failures } };
        }

        var arguments = marked.BareMembers();
        var answer = await session.RequiredClient.GetAsync(
            FunctionPath.Of(function, input => arguments[input.Name]),
            cancellationToken
        );
        var outputs = RestJson.Plain.ReadAll(function.Outputs, answer);
        var secrets = new Redaction([marked]);
        return new InvokeResponse
        {
            Return = StructWriter.Write(
                Value.Object(
                    function.Outputs.Select(output =>
                        KeyValuePair.Create(
                            output.Name,
                            output.Secret && !outputs[output.Name].IsNull
                                ? new Value.Secret(outputs[output.Name])
                                : secrets.Mark(outputs[output.Name])
                        )
                    )
                )
            ),
        };
    }
}
