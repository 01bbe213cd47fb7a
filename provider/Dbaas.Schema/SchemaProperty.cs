using System.Text.Json.Nodes;

namespace Dbaas.Schema;

/// <summary>One property of a resource, function, object type or of the provider, with its hints (the <c>x-</c> keys).</summary>
public sealed record SchemaProperty
{
    /// <summary>Name in schema.json and in REST, camelCase.</summary>
    public required string Name { get; init; }
    public required PropertyType Type { get; init; }

    /// <summary>Markdown.</summary>
    public string Description { get; init; } = "";
    public bool Required { get; init; }

    /// <summary>Whether Terraform wants it: Pulumi chooses a name where a program gives none, Terraform has no such thing.</summary>
    public bool RequiredInTerraform => Required || IsName;
    public bool Secret { get; init; }

    /// <summary>What an absent input means (<c>default</c> or <c>x-default</c>); null when there is no fixed default.</summary>
    public JsonNode? Default { get; init; }

    /// <summary><c>default</c> alone: a scalar that SDKs fill in on the program's side; null when they fill in nothing.</summary>
    public JsonNode? SdkDefault { get; init; }

    /// <summary><c>defaultInfo</c> alone: variables that SDKs read on the program's side, and so bring into the state.</summary>
    public IReadOnlyList<string> SdkEnvironment { get; init; } = [];

    /// <summary>Environment variables that stand in for an absent provider setting, first wins.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>x-pattern</c>: regular expression (ECMAScript) that a string must match.</summary>
    public string? Pattern { get; init; }

    /// <summary><c>x-minimum</c>, inclusive, in <see cref="Unit"/>.</summary>
    public decimal? Minimum { get; init; }

    /// <summary><c>x-maximum</c>, inclusive, in <see cref="Unit"/>.</summary>
    public decimal? Maximum { get; init; }

    /// <summary><c>x-range-note</c>: what else bounds the value, said when it is outside; null when nothing does.</summary>
    public string? RangeNote { get; init; }

    /// <summary><c>x-max-items</c>: elements a list or map may have; null for no bound.</summary>
    public int? MaximumItems { get; init; }

    /// <summary><c>x-unit</c>: unit of a number, e.g. GiB.</summary>
    public string? Unit { get; init; }

    /// <summary><c>x-floor</c>: the output that shows what is really there; a declared value below it is satisfied.</summary>
    public string? Floor { get; init; }

    /// <summary><c>x-immutable</c>: why it cannot be changed in place and what to do instead; null when it can.</summary>
    public string? Immutable { get; init; }

    /// <summary><c>x-computed</c>: the platform chooses when the input is absent, and its choice then stays.</summary>
    public bool Computed { get; init; }

    /// <summary><c>x-set</c>: an array without order and duplicates.</summary>
    public bool IsSet { get; init; }

    /// <summary><c>x-volatile</c>: an output that may differ after any change.</summary>
    public bool Volatile { get; init; }

    /// <summary><c>x-query</c>: a function's input that travels in the query string.</summary>
    public bool Query { get; init; }

    /// <summary><c>x-name</c>: the name of the resource within its tenant.</summary>
    public bool IsName { get; init; }

    /// <summary><c>x-provider-default</c>: the provider setting that fills this input when it is absent.</summary>
    public string? ProviderDefault { get; init; }
}
