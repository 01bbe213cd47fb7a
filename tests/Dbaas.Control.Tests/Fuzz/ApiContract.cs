using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>The operations of the OpenAPI document.</summary>
internal sealed class ApiContract
{
    private readonly JsonNode _document;

    private ApiContract(JsonNode document)
    {
        _document = document;
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select new ApiOperation(
                new HttpMethod(operation.Key.ToUpperInvariant()),
                path.Key,
                [
                    .. (operation.Value!["parameters"]?.AsArray() ?? [])
                        .Select(parameter => Resolve(parameter!))
                        .Select(parameter => new ApiParameter(
                            (string)parameter["name"]!,
                            (string)parameter["in"]!,
                            parameter["schema"]!
                        )),
                ],
                operation.Value!["requestBody"]?["content"]?["application/json"]?["schema"],
                operation.Value!["responses"]!.AsObject()
            ),
        ];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    public static ApiContract Read(string text) => new(JsonNode.Parse(text)!);

    /// <summary>What a reference points at; anything else is itself.</summary>
    public JsonNode Resolve(JsonNode schema)
    {
        while ((string?)schema["$ref"] is { } reference)
        {
            schema = reference[2..].Split('/').Aggregate(_document, (node, part) => node[part]!);
        }

        return schema;
    }
}

/// <summary>One operation.</summary>
internal sealed record ApiOperation(
    HttpMethod Method,
    string Path,
    IReadOnlyList<ApiParameter> Parameters,
    JsonNode? Body,
    JsonObject Responses
);

/// <param name="In">path, query or header.</param>
internal sealed record ApiParameter(string Name, string In, JsonNode Schema);
