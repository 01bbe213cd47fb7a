using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Coverage;

/// <summary>One method of one route, as the service itself lists it.</summary>
/// <param name="Name">Name of the endpoint.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Pattern of the path, /v1 included.</param>
/// <param name="Route">The whole of it.</param>
internal sealed record ApiEndpoint(string Name, string Method, string Pattern, RouteEndpoint Route)
{
    public bool NeedsRight => Route.Metadata.OfType<IAuthorizeData>().Any();

    /// <summary>All below /v1.</summary>
    public static IReadOnlyList<ApiEndpoint> Of(IServiceProvider services) =>
        [
            .. services
                .GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .Where(endpoint =>
                    ("/" + endpoint.RoutePattern.RawText?.TrimStart('/')).StartsWith(
                        "/v1/",
                        StringComparison.Ordinal
                    )
                )
                .SelectMany(endpoint =>
                    endpoint
                        .Metadata.OfType<IHttpMethodMetadata>()
                        .SelectMany(methods => methods.HttpMethods)
                        .Distinct()
                        .Select(method => new ApiEndpoint(
                            endpoint
                                .Metadata.OfType<IEndpointNameMetadata>()
                                .LastOrDefault()
                                ?.EndpointName
                                ?? "",
                            method,
                            "/" + endpoint.RoutePattern.RawText!.Trim('/'),
                            endpoint
                        ))
                )
                .DistinctBy(endpoint => (endpoint.Method, endpoint.Pattern)),
        ];
}
