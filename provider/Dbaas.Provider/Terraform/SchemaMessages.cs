using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;
using Attribute = Dbaas.Provider.Terraform.Wire.Schema.Types.Attribute;
using NestedObject = Dbaas.Provider.Terraform.Wire.Schema.Types.Object;

namespace Dbaas.Provider.Terraform;

/// <summary>Terraform's schema, derived from schema.json. Objects become nested attributes, so that their members keep descriptions.</summary>
internal static class SchemaMessages
{
    /// <summary>
    /// Of the stored state, as Terraform counts it. Attributes that come or go are no reason to raise it, because they are read and dropped
    /// by name; only one that means something else is.
    /// </summary>
    public const long StateVersion = 0;

    private enum Role
    {
        Input,
        Output,
    }

    public static Wire.Schema Provider(PackageSchema package) =>
        Block(
            "Connection to the control service.",
            package.Settings.Select(setting => Describe(setting, Role.Input))
        );

    public static Wire.Schema Resource(ResourceType type) =>
        Block(
            type.Schema.Description,
            [
                .. type.Schema.Inputs.Select(input => Describe(input, Role.Input)),
                .. type.Schema.Outputs.Select(output => Describe(output, Role.Output)),
                Identity(type),
                TimeoutsAttribute(),
            ]
        );

    public static Wire.Schema Function(FunctionType type) =>
        Block(
            type.Schema.Description,
            [
                .. type.Schema.Inputs.Select(input => Describe(input, Role.Input)),
                .. type.Outputs.Select(output => Describe(output, Role.Output)),
            ]
        );

    private static Wire.Schema Block(string description, IEnumerable<Attribute> attributes)
    {
        var block = new Wire.Schema.Types.Block
        {
            Description = description,
            DescriptionKind = StringKind.Markdown,
        };
        block.Attributes.AddRange(
            attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
        );
        return new Wire.Schema { Block = block };
    }

    private static Attribute Describe(SchemaProperty property, Role role)
    {
        var input = role == Role.Input;
        var attribute = new Attribute
        {
            Name = TerraformNames.Attribute(property.Name),
            Description = property.Description,
            DescriptionKind = StringKind.Markdown,
            Required = input && property.RequiredInTerraform,
            Optional = input && !property.RequiredInTerraform,
            Computed = !input || (!property.RequiredInTerraform && IsFilled(property)),
            Sensitive = property.Secret,
        };
        var nested =
            property.Type.Kind == PropertyKind.Object ? property.Type : property.Type.Element?.Type;
        if (nested?.Kind == PropertyKind.Object)
        {
            attribute.NestedType = new NestedObject { Nesting = Nesting(property) };
            attribute.NestedType.Attributes.AddRange(
                nested
                    .Properties.Select(member => Describe(member, role))
                    .OrderBy(member => member.Name, StringComparer.Ordinal)
            );
        }
        else
        {
            attribute.Type = TypeBytes(SchemaTypes.Of(property));
        }

        return attribute;
    }

    /// <summary>Whether something other than the user may set it: Terraform wants such an input marked computed.</summary>
    private static bool IsFilled(SchemaProperty property) =>
        property.Default is not null || property.Computed || property.ProviderDefault is not null;

    private static NestedObject.Types.NestingMode Nesting(SchemaProperty property) =>
        property.Type.Kind switch
        {
            PropertyKind.Object => NestedObject.Types.NestingMode.Single,
            PropertyKind.Map => NestedObject.Types.NestingMode.Map,
            _ when property.IsSet => NestedObject.Types.NestingMode.Set,
            _ => NestedObject.Types.NestingMode.List,
        };

    private static Attribute Identity(ResourceType type) =>
        new()
        {
            Name = ResourceType.Id,
            Description = $"Id given by the platform, {type.Schema.IdPrefix}_…; it never changes.",
            Computed = true,
            Type = TypeBytes(ValueShape.Text),
        };

    private static Attribute TimeoutsAttribute()
    {
        var attribute = new Attribute
        {
            Name = Timeouts.Attribute,
            Description =
                $"How long an apply waits for the platform, for example 45m. Default: {Timeouts.Default.TotalMinutes:0}m. "
                + "The work goes on when the wait ends; the next apply takes it up.",
            Optional = true,
            NestedType = new NestedObject { Nesting = NestedObject.Types.NestingMode.Single },
        };
        attribute.NestedType.Attributes.AddRange(
            Timeouts.Type.Attributes.Keys.Select(action => new Attribute
            {
                Name = action,
                Optional = true,
                Description = $"Time for {action}.",
                Type = TypeBytes(ValueShape.Text),
            })
        );
        return attribute;
    }

    private static ByteString TypeBytes(ValueShape type) =>
        ByteString.CopyFromUtf8(type.ToJson().ToJsonString());
}
