using System.Text.Json;
using System.Text.Json.Serialization;
using Asp.Versioning;
using Dbaas.Control.Http.Idempotency;
using Dbaas.Control.Http.Json;
using Dbaas.Control.Http.Paging;
using Dbaas.Control.Http.RateLimits;

namespace Dbaas.Control.Http;

/// <summary>Registration and order of what every request goes through.</summary>
internal static class HttpFeature
{
    public static IServiceCollection AddHttp(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<RateLimitOptions>()
            .Bind(configuration.GetSection("rateLimit"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<ICursors, Cursors>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<RateLimits.RateLimitBuckets>();
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddApiVersioning(options =>
        {
            options.DefaultApiVersion = new ApiVersion(1, 0);
            options.AssumeDefaultVersionWhenUnspecified = true;
            options.ReportApiVersions = true;
            options.ApiVersionReader = new UrlSegmentApiVersionReader();
        });
        return services;
    }

    /// <summary>
    /// The order matters: who asks is known before the limit counts, the limit counts before anything costs. A key that nobody knows is counted
    /// before it is looked up.
    /// </summary>
    public static WebApplication UseHttp(this WebApplication app)
    {
        app.UseMiddleware<RequestMiddleware>();
        app.UseMiddleware<EmptyAnswerMiddleware>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<NegotiationMiddleware>();
        app.UseAuthorization();
        app.UseMiddleware<JsonBodyMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseMiddleware<LostRaceMiddleware>();
        return app;
    }

    /// <summary>Strict both ways: nothing is guessed, nothing is dropped silently.</summary>
    private static void Configure(JsonSerializerOptions json)
    {
        json.MaxDepth = JsonInspection.MaximumDepth + 1;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.RespectNullableAnnotations = false;
        json.RespectRequiredConstructorParameters = true;
    }
}
