using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Checks;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Schema;
using Google.Protobuf.WellKnownTypes;
using Value = Dbaas.Provider.Translation.Value;

namespace Dbaas.Provider.Pulumi;

/// <summary>
/// The provider's own settings. They arrive as strings, others as JSON text; what the environment or the profile say is taken in
/// Configure alone, so that no key from there is stored in state.
/// </summary>
internal sealed class ProviderConfiguration(PackageSchema package, ProviderSession session)
{
    private const string VariablePrefix = ":config:";

    // The engine's own settings of every provider.
    private static readonly string[] Reserved = ["version", "pluginDownloadURL"];
    private static readonly InputCheck Inputs = new(name => name);

    public CheckResponse Check(CheckRequest request)
    {
        var news = StructReader.Read(request.News);
        var failures = Inputs
            .Unexpected(package.Settings, Own(news), InputPath.Root)
            .Concat(Inputs.Members(package.Settings, news, InputPath.Root))
            .Select(finding => ResourceCheck.FailureOf(finding, news))
            .ToList();
        if (news["endpoint"] is Value.Text { Content.Length: > 0 } endpoint)
        {
            try
            {
                _ = ControlConnection.Endpoint(endpoint.Content, session.Tool);
            }
            catch (ConnectionSettingsException error)
            {
                failures.Add(new CheckFailure { Property = error.Setting, Reason = error.Message });
            }
        }

        return new CheckResponse { Inputs = Marked(request.News), Failures = { failures } };
    }

    /// <summary>
    /// The settings as they came, with a mark on those the schema calls secret: a program in YAML, or one that writes a plain text, says
    /// nothing of it, and what has no mark is stored in clear.
    /// </summary>
    private Struct Marked(Struct? settings)
    {
        var marked = settings?.Clone() ?? new Struct();
        foreach (var setting in package.Settings.Where(setting => setting.Secret))
        {
            var value = StructReader.Read(settings)[setting.Name];
            if (value is not (Value.NullValue or Value.Unknown or Value.Foreign))
            {
                marked.Fields[setting.Name] = StructWriter.WriteSecret(value.Bare());
            }
        }

        return marked;
    }

    /// <summary>What changed. No setting says which databases exist, so none replaces them.</summary>
    public DiffResponse Diff(DiffRequest request)
    {
        var olds = StructReader.Read(request.OldInputs ?? request.Olds).BareMembers();
        var news = StructReader.Read(request.News).BareMembers();
        var response = new DiffResponse
        {
            Changes = DiffResponse.Types.DiffChanges.DiffNone,
            HasDetailedDiff = true,
        };
        foreach (
            var setting in package.Settings.Where(setting =>
                !olds[setting.Name].Equals(news[setting.Name]) || news[setting.Name].IsUnknown
            )
        )
        {
            response.Changes = DiffResponse.Types.DiffChanges.DiffSome;
            response.Diffs.Add(setting.Name);
            response.DetailedDiff[setting.Name] = new PropertyDiff
            {
                Kind =
                    olds[setting.Name].IsNull ? PropertyDiff.Types.Kind.Add
                    : news[setting.Name].IsNull ? PropertyDiff.Types.Kind.Delete
                    : PropertyDiff.Types.Kind.Update,
                InputDiff = true,
            };
        }

        return response;
    }

    /// <exception cref="GrpcException">A setting is missing or of no use.</exception>
    public ConfigureResponse Configure(ConfigureRequest request)
    {
        var arguments = StructReader.Read(request.Args).BareMembers();
        if (package.Settings.All(setting => !arguments[setting.Name].IsUnknown))
        {
            Connect(setting =>
                (arguments[setting.Name] as Value.Text)?.Content
                ?? request.Variables.GetValueOrDefault(package.Name + VariablePrefix + setting.Name)
            );
        }

        return new ConfigureResponse
        {
            AcceptSecrets = true,
            AcceptResources = true,
            SupportsPreview = true,
            SupportsAutonamingConfiguration = true,
        };
    }

    private void Connect(Func<SchemaProperty, string?> configured)
    {
        try
        {
            session.Connect(configured);
        }
        catch (ConnectionSettingsException error) when (error.IsMissing)
        {
            throw new GrpcException(
                GrpcStatus.InvalidArgument,
                error.Message,
                new ConfigureErrorMissingKeys
                {
                    MissingKeys =
                    {
                        new ConfigureErrorMissingKeys.Types.MissingKey
                        {
                            Name = $"{package.Name}:{error.Setting}",
                            Description = error.Message,
                        },
                    },
                }
            );
        }
        catch (ConnectionSettingsException error)
        {
            throw new GrpcException(
                GrpcStatus.InvalidArgument,
                $"{package.Name}:{error.Setting}: {error.Message}"
            );
        }
    }

    private static Value.Map Own(Value.Map settings) =>
        Value.Object(settings.Members.Where(setting => !Reserved.Contains(setting.Key)));
}
