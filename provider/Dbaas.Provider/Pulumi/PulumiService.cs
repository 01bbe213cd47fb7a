using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Engine;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Dbaas.Provider.Pulumi;

/// <summary>The methods of Pulumi's resource provider protocol: decode, hand on, encode. Every failure becomes a status with a sentence.</summary>
internal sealed partial class PulumiService(
    PackageSchema package,
    ProviderSession session,
    EngineHost engine
)
{
    private const string Service = "/pulumirpc.ResourceProvider/";
    private readonly ProviderConfiguration configuration = new(package, session);

    /// <summary>All methods by full name.</summary>
    public IEnumerable<KeyValuePair<string, GrpcMethod>> Methods() =>
        [
            Of("Handshake", ProviderHandshakeRequest.Parser, Handshake),
            Of("Attach", PluginAttach.Parser, Attach),
            Of("GetPluginInfo", Empty.Parser, _ => new PluginInfo { Version = package.Version }),
            Of("GetSchema", GetSchemaRequest.Parser, Schema),
            Of("GetMapping", GetMappingRequest.Parser, _ => new GetMappingResponse()),
            Of("GetMappings", GetMappingsRequest.Parser, _ => new GetMappingsResponse()),
            Of("CheckConfig", CheckRequest.Parser, configuration.Check),
            Of("DiffConfig", DiffRequest.Parser, configuration.Diff),
            Of("Configure", ConfigureRequest.Parser, configuration.Configure),
            Of("Cancel", Empty.Parser, Cancel),
            Of(
                "Parameterize",
                ParameterizeRequest.Parser,
                _ => throw Unsupported("This provider takes no parameters; use it as it is.")
            ),
            Of(
                "Construct",
                ConstructRequest.Parser,
                request =>
                    throw Unsupported(
                        $"This provider has no components, so {Named(request.Type)} cannot be constructed."
                    )
            ),
            Of(
                "Call",
                CallRequest.Parser,
                request =>
                    throw Unsupported(
                        $"This provider has no components, so the method {Named(request.Tok)} cannot be called."
                    )
            ),
            .. ResourceMethods(),
        ];

    private ProviderHandshakeResponse Handshake(ProviderHandshakeRequest request)
    {
        engine.Use(request.EngineAddress);
        return new ProviderHandshakeResponse
        {
            AcceptSecrets = true,
            AcceptResources = true,
            SupportsAutonamingConfiguration = true,
        };
    }

    private Empty Attach(PluginAttach request)
    {
        engine.Use(request.Address);
        return new Empty();
    }

    private static GetSchemaResponse Schema(GetSchemaRequest request) =>
        request.Version != 0
            ? throw new GrpcException(
                GrpcStatus.InvalidArgument,
                $"Schema version {request.Version} is not known; ask for 0."
            )
        : request.SubpackageName.Length > 0
            ? throw Unsupported("This provider takes no parameters, so it has no sub-packages.")
        : new GetSchemaResponse { Schema = PackageSchema.EmbeddedText() };

    private Empty Cancel(Empty request)
    {
        session.Stop();
        return new Empty();
    }

    private static GrpcException Unsupported(string message) =>
        new(GrpcStatus.Unimplemented, message);

    private static string Named(string token) => token.Length > 0 ? $"'{token}'" : "nothing";

    /// <summary>A method that asks nobody.</summary>
    private KeyValuePair<string, GrpcMethod> Of<TRequest>(
        string name,
        MessageParser<TRequest> parser,
        Func<TRequest, IMessage> invoke
    )
        where TRequest : IMessage<TRequest> =>
        Of(name, parser, [], _ => [], (request, _) => Task.FromResult(invoke(request)));

    /// <summary>A method whose failures are told without the secrets of its request.</summary>
    /// <param name="name">Its name in the protocol.</param>
    /// <param name="parser">Of its request.</param>
    /// <param name="properties">What paths in refusals lead into.</param>
    /// <param name="values">The objects of the request.</param>
    /// <param name="invoke">What it does.</param>
    private KeyValuePair<string, GrpcMethod> Of<TRequest>(
        string name,
        MessageParser<TRequest> parser,
        IReadOnlyList<SchemaProperty> properties,
        Func<TRequest, IEnumerable<Struct?>> values,
        Func<TRequest, CancellationToken, Task<IMessage>> invoke
    )
        where TRequest : IMessage<TRequest> =>
        new(
            Service + name,
            GrpcMethod.Of(
                parser,
                async (request, cancellationToken) =>
                {
                    try
                    {
                        return await invoke(request, cancellationToken);
                    }
                    catch (Exception error) when (!cancellationToken.IsCancellationRequested)
                    {
                        throw Refusals.Of(
                            error,
                            properties,
                            session.Client?.VersionAdvice ?? "",
                            new Redaction(values(request).Select(StructReader.Read))
                        );
                    }
                }
            )
        );
}
