using System.Globalization;
using Dbaas.Client.Catalogue;
using Dbaas.Control.Capacity;
using Dbaas.Control.Composition;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;
using Dbaas.Engines;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Catalogue;

/// <summary>What can be had: engines, their parameters, regions and the room in them.</summary>
internal static class CatalogueEndpoints
{
    private const double GibBytes = 1L << 30;

    public static void MapCatalogueEndpoints(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/engines", ListEngines)
            .WithTags("Catalogue")
            .WithName("ListEngines")
            .RequireAuthorization("catalogue:read");
        routes
            .MapGet("/engines/{engine}/versions/{version}/parameters", ListParameters)
            .WithTags("Catalogue")
            .WithName("ListEngineParameters")
            .RequireAuthorization("catalogue:read");
        routes
            .MapGet("/regions", ListRegionsAsync)
            .WithTags("Catalogue")
            .WithName("ListRegions")
            .RequireAuthorization("catalogue:read");
    }

    private static Results<Ok<EngineVersionsView>, ProblemResult> ListEngines(string? engine)
    {
        var engines = DatabaseEngines
            .All.Where(known => engine is null || known.Name == engine)
            .ToArray();
        return engines.Length == 0
            ? NotFound()
            : TypedResults.Ok(
                new EngineVersionsView([
                    .. engines.SelectMany(known =>
                        known.Versions.Select(version => new EngineVersionView(
                            known.Name,
                            version.Major,
                            version.Default,
                            version.MinimumMemoryGib,
                            version.EndOfLife?.ToString("O", CultureInfo.InvariantCulture) ?? ""
                        ))
                    ),
                ])
            );
    }

    private static Results<Ok<EngineParametersView>, ProblemResult> ListParameters(
        string engine,
        string version
    )
    {
        if (
            DatabaseEngines.Find(engine) is not { } known
            || known.Versions.All(v => v.Major != version)
        )
        {
            return NotFound();
        }

        return TypedResults.Ok(
            new EngineParametersView(
                engine,
                version,
                [
                    .. known
                        .Catalogue(version)
                        .Parameters.Values.OrderBy(p => p.Name, StringComparer.Ordinal)
                        .Select(p => new EngineParameterView(
                            p.Name,
                            p.Type,
                            p.Unit,
                            p.Minimum,
                            p.Maximum,
                            p.Values,
                            p.Default,
                            p.RestartRequired,
                            p.Managed,
                            p.ManagedReason,
                            p.Description
                        )),
                ]
            )
        );
    }

    private static async Task<Ok<RegionsView>> ListRegionsAsync(
        CapacityLedger ledger,
        IPlatformTransactions platform,
        IOptions<ControlOptions> options,
        CancellationToken cancellationToken
    )
    {
        var regions = new List<RegionView>();
        foreach (var region in options.Value.Regions)
        {
            var hosts = await ledger.DescribeAsync(region.Name, cancellationToken);
            await using var transaction = await platform.BeginAsync(cancellationToken);
            var capacity = await CapacityLedger.TakenAsync(transaction, hosts, cancellationToken);
            regions.Add(
                new RegionView(
                    region.Name,
                    hosts.Count > 0,
                    Gib(capacity.Sum(host => Math.Max(0, host.Free.MemoryBytes))),
                    Gib(capacity.Sum(host => Math.Max(0, host.Free.StorageBytes)))
                )
            );
        }

        return TypedResults.Ok(new RegionsView(regions));
    }

    private static double Gib(long bytes) => Math.Round(bytes / GibBytes, 2);

    private static ProblemResult NotFound() =>
        new Problem("engine.not_found", 404, "There is no such engine or version.").ToResult();
}
