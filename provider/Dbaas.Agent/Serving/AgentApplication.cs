using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Engines;
using Dbaas.Protocol.Agent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dbaas.Agent.Serving;

/// <summary>
/// Dispatches the paths of <see cref="AgentPaths"/>. A change goes on when its caller disconnects: the caller asks again, and the
/// repeated request then finds it done. Anyone who can open the socket may call; that is the host, and the machine itself.
/// </summary>
internal sealed class AgentApplication(MachineMember machine, Task adopted)
    : IHttpApplication<HttpContext>
{
    private const int LogLines = 200;
    private const int MostLogLines = 2000;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context);
        }
        catch (Exception failure) when (failure is JsonException or BadHttpRequestException)
        {
            await RefuseAsync(
                context,
                400,
                $"The body is not what the path expects: {failure.Message}"
            );
        }
        catch (Exception failure)
        {
            // A bug must be seen by the caller and in the log, and must not take the agent down.
            AgentLog.Write(
                $"{context.Request.Path} failed: {failure.GetType().Name}: {failure.Message}"
            );
            await RefuseAsync(context, 500, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        var request = context.Request;
        var aborted = context.RequestAborted;
        return (request.Method, request.Path.Value) switch
        {
            ("GET", AgentPaths.Health) => HealthAsync(context, aborted),
            ("GET", AgentPaths.Log) => LogAsync(context, aborted),
            ("GET", AgentPaths.Metrics) => MetricsAsync(context, aborted),
            ("POST", AgentPaths.Start) => WithSpecAsync(
                context,
                (m, spec) => m.StartAsync(spec, CancellationToken.None)
            ),
            ("POST", AgentPaths.Apply) => WithSpecAsync(
                context,
                (m, spec) => m.ApplyAsync(spec, CancellationToken.None)
            ),
            ("POST", AgentPaths.Restart) => ChangeAsync(
                context,
                m => m.RestartAsync(CancellationToken.None)
            ),
            ("POST", AgentPaths.Stop) => ChangeAsync(
                context,
                m => m.StopAsync(CancellationToken.None)
            ),
            (
                _,
                AgentPaths.Health
                    or AgentPaths.Log
                    or AgentPaths.Metrics
                    or AgentPaths.Start
                    or AgentPaths.Apply
                    or AgentPaths.Restart
                    or AgentPaths.Stop
            ) => RefuseAsync(context, 405, "The path knows another method."),
            _ => RefuseAsync(context, 404, "The agent has no such path."),
        };
    }

    private async Task HealthAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var health = machine.Current is { } member
            ? await member.HealthAsync(cancellationToken)
            : Absent;
        await AnswerAsync(context, health, AgentJson.Default.AgentHealth);
    }

    private async Task LogAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var lines = int.TryParse(
            context.Request.Query["lines"],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var wanted
        )
            ? Math.Min(wanted, MostLogLines)
            : LogLines;
        var log = machine.Current is { } member
            ? await member.LogAsync(lines, cancellationToken)
            : new EngineLog { Lines = [] };
        await AnswerAsync(context, log, AgentJson.Default.EngineLog);
    }

    private async Task MetricsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var metrics = machine.Current is { } member
            ? await member.MetricsAsync(cancellationToken)
            : new EngineMetrics { Values = new Dictionary<string, double> { ["engine_up"] = 0 } };
        await AnswerAsync(context, metrics, AgentJson.Default.EngineMetrics);
    }

    private async Task WithSpecAsync(
        HttpContext context,
        Func<IEngineMember, MemberSpec, Task<ApplyResult>> change
    )
    {
        var spec = await JsonSerializer.DeserializeAsync(
            context.Request.Body,
            AgentJson.Default.MemberSpec,
            context.RequestAborted
        );
        await adopted;
        if (spec is null || machine.For(spec) is not { } member)
        {
            await RefuseAsync(context, 400, "The specification names no engine of this platform.");
            return;
        }

        await AnswerAsync(context, await change(member, spec), AgentJson.Default.ApplyResult);
    }

    private async Task ChangeAsync(
        HttpContext context,
        Func<IEngineMember, Task<ApplyResult>> change
    )
    {
        await adopted;
        var result = machine.Current is { } member
            ? await change(member)
            : new ApplyResult
            {
                Succeeded = context.Request.Path.Value == AgentPaths.Stop,
                Health = Absent,
                Code = context.Request.Path.Value == AgentPaths.Stop ? "" : "engine.not_running",
                Message = "No engine was started in this machine yet.",
            };
        await AnswerAsync(context, result, AgentJson.Default.ApplyResult);
    }

    private static AgentHealth Absent { get; } =
        new()
        {
            AgentVersion = typeof(AgentApplication).Assembly.GetName().Version?.ToString(3) ?? "",
            Engine = "absent",
        };

    private static async Task AnswerAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsync(message, CancellationToken.None);
    }
}
