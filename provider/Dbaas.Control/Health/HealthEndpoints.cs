using Dbaas.Client.Operations;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Dbaas.Control.Health;

internal static class HealthEndpoints
{
    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/healthz", () => TypedResults.Ok(new HealthView("ok")))
            .WithTags("Health")
            .WithName("Live")
            .AllowAnonymous();
        routes
            .MapGet("/readyz", ReadyAsync)
            .WithTags("Health")
            .WithName("Ready")
            .AllowAnonymous()
            .Produces<ProblemBody>(
                StatusCodes.Status503ServiceUnavailable,
                ProblemResult.MediaType
            );
    }

    /// <summary>Ready when the metadata database answers.</summary>
    private static async Task<Results<Ok<HealthView>, ProblemResult>> ReadyAsync(
        MetadataConnections connections,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var command = connections.Platform.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return TypedResults.Ok(new HealthView("ok"));
        }
        catch (NpgsqlException)
        {
            return new Problem("service.unavailable", 503, "The metadata database does not answer.")
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            }.ToResult();
        }
    }
}
