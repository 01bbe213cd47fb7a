using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Control.Problems;
using Dbaas.Control.Tests.Coverage;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Problems;

/// <summary>
/// What is checked in equals what the code says. With DBAAS_UPDATE_DOCS=1 the files are written instead: do that after a change on purpose
/// and read the difference.
/// </summary>
public sealed class DocumentTests(ControlFixture fixture)
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Given_the_api_then_the_openapi_document_is_checked_in()
    {
        var control = await fixture.StartedAsync();
        using var client = control.Client(null);
        var text = await client.GetStringAsync(
            "/openapi/v1.json",
            TestContext.Current.CancellationToken
        );
        var document = JsonNode.Parse(text)!;
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        SourceText.Same("docs/openapi.json", document.ToJsonString(s_indented) + "\n");
        Assert.Contains(
            "scalar",
            await client.GetStringAsync("/docs", TestContext.Current.CancellationToken),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Fact]
    public void Given_the_catalogue_then_problems_md_lists_it()
    {
        var text = new StringBuilder(
            "# Problems\n\nEvery refusal is an RFC 9457 body with one of these codes; made from the source. Codes are added, never renamed.\n\n| code | status | meaning | what to do |\n|---|---|---|---|\n"
        );
        foreach (var kind in ProblemCatalogue.All.OrderBy(k => k.Code, StringComparer.Ordinal))
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| `{kind.Code}` | {kind.Status} | {kind.Title} | {kind.Remedy} |\n"
            );
        }

        SourceText.Same("docs/problems.md", text.ToString());
    }
}
