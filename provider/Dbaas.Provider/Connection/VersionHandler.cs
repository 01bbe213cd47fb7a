using Dbaas.Client;

namespace Dbaas.Provider.Connection;

/// <summary>Tells the service our version and listens for its own.</summary>
internal sealed class VersionHandler(ServiceVersion version) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Remove(DbaasHeaders.Version);
        request.Headers.Add(DbaasHeaders.Version, version.Provider);
        var response = await base.SendAsync(request, cancellationToken);
        version.Heard(response);
        return response;
    }
}
