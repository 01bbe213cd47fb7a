using System.Text.Json.Nodes;
using Refit;

namespace Dbaas.Client;

/// <summary>
/// The REST interface as a provider sees it: any resource, by the paths schema.json names, with JSON as it is. Paths are relative to
/// the endpoint, without leading slash, already escaped, with their query. Answers are raw, whatever their status.
/// </summary>
public interface IResourceApi
{
    [Get("/{**path}")]
    Task<IApiResponse<string>> GetAsync([Encoded] string path, CancellationToken cancellationToken);

    [Post("/{**path}")]
    Task<IApiResponse<string>> PostAsync(
        [Encoded] string path,
        [Body] JsonObject body,
        [Header("Prefer")] string? prefer,
        [Header(DbaasHeaders.IdempotencyKey)] string? idempotencyKey,
        CancellationToken cancellationToken
    );

    [Put("/{**path}")]
    Task<IApiResponse<string>> PutAsync(
        [Encoded] string path,
        [Body] JsonObject body,
        [Header("Prefer")] string? prefer,
        [Header(DbaasHeaders.IdempotencyKey)] string? idempotencyKey,
        CancellationToken cancellationToken
    );

    [Delete("/{**path}")]
    Task<IApiResponse<string>> DeleteAsync(
        [Encoded] string path,
        [Header("Prefer")] string? prefer,
        CancellationToken cancellationToken
    );
}
