using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;

namespace Dbaas.Provider.Terraform;

/// <summary>The provider's methods of plugin protocol 6: decode, hand on, encode. Failures become diagnostics, never gRPC errors.</summary>
internal sealed partial class TerraformService(PackageSchema package, ProviderSession session)
{
    private const string Service = "/tfplugin6.Provider/";

    // Says "this is the plan of something that exists". Never sent with a create, see ResourcePlanner.
    private static readonly ByteString ExistingMarker = ByteString.CopyFromUtf8(
        "{\"existing\":true}"
    );

    private readonly Lazy<Dictionary<string, ResourceType>> resources = new(() =>
        package
            .Resources.Select(resource => new ResourceType(package, resource))
            .ToDictionary(type => type.Name, StringComparer.Ordinal)
    );

    private readonly Lazy<Dictionary<string, FunctionType>> functions = new(() =>
        package
            .Functions.Select(function => new FunctionType(package, function))
            .ToDictionary(type => type.Name, StringComparer.Ordinal)
    );

    private readonly Lazy<ValueShape.Object> settingsShape = new(() =>
        SchemaTypes.OfAll(package.Settings)
    );

    /// <summary>All methods by full name.</summary>
    public IEnumerable<KeyValuePair<string, GrpcMethod>> Methods() =>
        [
            Of("GetMetadata", GetMetadata.Types.Request.Parser, (_, _) => Metadata()),
            Of("GetProviderSchema", GetProviderSchema.Types.Request.Parser, (_, _) => Schema()),
            Of(
                "ValidateProviderConfig",
                ValidateProviderConfig.Types.Request.Parser,
                (_, _) => Task.FromResult<IMessage>(new ValidateProviderConfig.Types.Response())
            ),
            Of(
                "ValidateResourceConfig",
                ValidateConfig.Types.Request.Parser,
                (request, _) => ValidateResource(request)
            ),
            Of(
                "ValidateDataResourceConfig",
                ValidateConfig.Types.Request.Parser,
                (request, _) => ValidateFunction(request)
            ),
            Of(
                "ValidateEphemeralResourceConfig",
                ValidateConfig.Types.Request.Parser,
                (request, _) => ValidateFunction(request)
            ),
            Of(
                "ConfigureProvider",
                ConfigureProvider.Types.Request.Parser,
                (request, _) => Configure(request)
            ),
            Of(
                "UpgradeResourceState",
                UpgradeResourceState.Types.Request.Parser,
                (request, _) => Upgrade(request)
            ),
            Of("ReadResource", ReadResource.Types.Request.Parser, ReadAsync),
            Of("PlanResourceChange", PlanResourceChange.Types.Request.Parser, PlanAsync),
            Of("ApplyResourceChange", ApplyResourceChange.Types.Request.Parser, ApplyAsync),
            Of("ImportResourceState", ImportResourceState.Types.Request.Parser, ImportAsync),
            Of("ReadDataSource", ReadDataSource.Types.Request.Parser, ReadDataAsync),
            Of(
                "OpenEphemeralResource",
                OpenEphemeralResource.Types.Request.Parser,
                OpenEphemeralAsync
            ),
            Of(
                "RenewEphemeralResource",
                RenewEphemeralResource.Types.Request.Parser,
                (_, _) => Task.FromResult<IMessage>(new RenewEphemeralResource.Types.Response())
            ),
            Of(
                "CloseEphemeralResource",
                CloseEphemeralResource.Types.Request.Parser,
                (_, _) => Task.FromResult<IMessage>(new CloseEphemeralResource.Types.Response())
            ),
            Of(
                "GetFunctions",
                GetFunctions.Types.Request.Parser,
                (_, _) => Task.FromResult<IMessage>(new GetFunctions.Types.Response())
            ),
            Of("StopProvider", StopProvider.Types.Request.Parser, (_, _) => Stop()),
        ];

    private static KeyValuePair<string, GrpcMethod> Of<TRequest>(
        string name,
        MessageParser<TRequest> parser,
        Func<TRequest, CancellationToken, Task<IMessage>> invoke
    )
        where TRequest : IMessage<TRequest> => new(Service + name, GrpcMethod.Of(parser, invoke));

    private Task<IMessage> Metadata()
    {
        var response = new GetMetadata.Types.Response { ServerCapabilities = Capabilities() };
        response.Resources.AddRange(resources.Value.Keys.Select(Named));
        response.DataSources.AddRange(
            FunctionsThatAre(ephemeral: false).Select(type => Named(type.Name))
        );
        response.EphemeralResources.AddRange(
            FunctionsThatAre(ephemeral: true).Select(type => Named(type.Name))
        );
        return Task.FromResult<IMessage>(response);
    }

    private Task<IMessage> Schema()
    {
        var response = new GetProviderSchema.Types.Response
        {
            Provider = SchemaMessages.Provider(package),
            ServerCapabilities = Capabilities(),
        };
        foreach (var type in resources.Value.Values)
        {
            response.ResourceSchemas.Add(type.Name, SchemaMessages.Resource(type));
        }

        foreach (var type in functions.Value.Values)
        {
            var schemas = type.Schema.Ephemeral
                ? response.EphemeralResourceSchemas
                : response.DataSourceSchemas;
            schemas.Add(type.Name, SchemaMessages.Function(type));
        }

        return Task.FromResult<IMessage>(response);
    }

    private Task<IMessage> ValidateResource(ValidateConfig.Types.Request request)
    {
        var type = resources.Value[request.TypeName];
        var response = new ValidateConfig.Types.Response();
        if (Decode(type.Type, request.Config) is Value.Map config)
        {
            response.Diagnostics.AddRange(ConfigCheck.Check(type.Schema.Inputs, config));
            response.Diagnostics.AddRange(Timeouts.Check(config));
        }

        return Task.FromResult<IMessage>(response);
    }

    private Task<IMessage> ValidateFunction(ValidateConfig.Types.Request request)
    {
        var type = functions.Value[request.TypeName];
        var response = new ValidateConfig.Types.Response();
        if (Decode(type.Type, request.Config) is Value.Map config)
        {
            response.Diagnostics.AddRange(ConfigCheck.Check(type.Schema.Inputs, config));
        }

        return Task.FromResult<IMessage>(response);
    }

    private Task<IMessage> Configure(ConfigureProvider.Types.Request request)
    {
        var response = new ConfigureProvider.Types.Response();
        if (Decode(settingsShape.Value, request.Config) is Value.Map config)
        {
            response.Diagnostics.AddRange(ProviderBlock.Apply(session, package, config));
        }

        return Task.FromResult<IMessage>(response);
    }

    private Task<IMessage> Stop()
    {
        session.Stop();
        return Task.FromResult<IMessage>(new StopProvider.Types.Response());
    }

    private IEnumerable<FunctionType> FunctionsThatAre(bool ephemeral) =>
        functions.Value.Values.Where(type => type.Schema.Ephemeral == ephemeral);

    private static GetMetadata.Types.TypeMetadata Named(string name) => new() { TypeName = name };

    private static ServerCapabilities Capabilities() =>
        new() { PlanDestroy = true, GetProviderSchemaOptional = true };

    private static Value Decode(ValueShape shape, DynamicValue? value) =>
        value is null ? Value.Null
        : value.Msgpack.Length > 0 ? MsgPackReader.Read(shape, value.Msgpack.Memory)
        : value.Json.Length > 0 ? StateJson.Read(shape, value.Json.Span)
        : Value.Null;

    private static DynamicValue Encode(ValueShape shape, Value value) =>
        new() { Msgpack = UnsafeByteOperations.UnsafeWrap(MsgPackWriter.Write(shape, value)) };
}
