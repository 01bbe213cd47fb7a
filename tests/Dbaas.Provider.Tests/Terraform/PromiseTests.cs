using CsCheck;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Terraform;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Promise 1: no attribute of any data-bearing resource ever forces a replacement.</summary>
public sealed class PromiseTests
{
    private static readonly PackageSchema Package = PackageSchema.Embedded;
    private static readonly ProviderSession Session = new(
        Package,
        HostTool.Terraform,
        SystemTrust.Detach(),
        TimeProvider.System
    );
    private static readonly Dictionary<string, GrpcMethod> Methods = new TerraformService(
        Package,
        Session
    )
        .Methods()
        .ToDictionary(StringComparer.Ordinal);

    public static TheoryData<string, string> Attributes =>
        [
            .. Package.Resources.SelectMany(resource =>
                resource.Inputs.Select(input =>
                    (TerraformNames.Resource(Package, resource), input.Name)
                )
            ),
        ];

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Given_any_old_and_new_value_of_an_attribute_when_planned_then_nothing_is_replaced(
        string typeName,
        string input
    )
    {
        var type = new ResourceType(
            Package,
            Package.Resources.Single(resource =>
                TerraformNames.Resource(Package, resource) == typeName
            )
        );
        var property = type.Schema.Inputs.Single(candidate => candidate.Name == input);
        var values = Gen.Select(Generate.Valid(property), Generate.Valid(property));
        values.Sample(
            pair =>
            {
                var name = TerraformNames.Attribute(input);
                var prior = Generate.State(type).With(name, pair.Item1);
                var config = Generate.Config(type).With(name, pair.Item2);
                var planned = Plan(type, prior, config);
                Assert.Empty(planned.RequiresReplace);
                var changed = !ValueEquality.Same(SchemaTypes.Of(property), pair.Item1, pair.Item2);
                Assert.Equal(
                    property.Immutable is not null && changed,
                    planned.Diagnostics.Count > 0
                );
                if (planned.Diagnostics.Count > 0)
                {
                    Assert.Equal(name, planned.Diagnostics[0].Attribute.Steps[0].AttributeName);
                }
            },
            iter: 40
        );
    }

    [Fact]
    public void Given_a_resource_in_state_when_planned_unchanged_then_the_plan_equals_the_state()
    {
        foreach (var resource in Package.Resources)
        {
            var type = new ResourceType(Package, resource);
            var state = Generate.State(type);
            var planned = Plan(type, state, Generate.Config(type));
            Assert.Empty(planned.Diagnostics);
            var after = MsgPackReader.Read(type.Type, planned.PlannedState.Msgpack.Memory);
            Assert.True(ValueEquality.Same(type.Type, state, after));
        }
    }

    private static PlanResourceChange.Types.Response Plan(
        ResourceType type,
        Value.Map prior,
        Value.Map config
    )
    {
        var request = new PlanResourceChange.Types.Request
        {
            TypeName = type.Name,
            PriorState = Encode(type, prior),
            Config = Encode(type, config),
            ProposedNewState = Encode(type, config),
        };
        var answer = Methods["/tfplugin6.Provider/PlanResourceChange"]
            .Invoke!(request.ToByteArray(), CancellationToken.None);
        return (PlanResourceChange.Types.Response)answer.ToBlockingEnumerable().Single();
    }

    private static DynamicValue Encode(ResourceType type, Value value) =>
        new() { Msgpack = ByteString.CopyFrom(MsgPackWriter.Write(type.Type, value)) };
}
