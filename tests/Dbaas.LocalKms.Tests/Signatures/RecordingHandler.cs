using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.LocalKms.Tests.Signatures;

/// <summary>Remembers the last request as it was signed, so that a test can send it again with something changed.</summary>
internal sealed class RecordingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private Uri uri = null!;
    private byte[] body = [];
    private List<KeyValuePair<string, string>> headers = [];
    private string contentType = "";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        uri = request.RequestUri!;
        body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        contentType = request.Content.Headers.ContentType!.ToString();
        headers =
        [
            .. request.Headers.NonValidated.Select(header =>
                KeyValuePair.Create(header.Key, header.Value.ToString())
            ),
        ];
        return await base.SendAsync(request, cancellationToken);
    }

    /// <returns>The error type, null when it was accepted.</returns>
    public async Task<string?> ReplayAsync(
        string? otherBody,
        string? target,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri);
        request.Content = new ByteArrayContent(
            otherBody is null ? body : Encoding.UTF8.GetBytes(otherBody)
        );
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
        {
            var changed =
                target is not null
                && name.Equals("X-Amz-Target", StringComparison.OrdinalIgnoreCase)
                    ? target
                    : value;
            request.Headers.TryAddWithoutValidation(name, changed);
        }

        using var response = await base.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? null
            : (string?)
                JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))![
                    "__type"
                ];
    }
}
