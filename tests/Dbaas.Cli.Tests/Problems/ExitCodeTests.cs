namespace Dbaas.Cli.Tests.Problems;

public sealed class ExitCodeTests : IDisposable
{
    private readonly FakeService service = new();

    [Theory]
    [InlineData(400, 3)]
    [InlineData(422, 3)]
    [InlineData(404, 4)]
    [InlineData(409, 5)]
    [InlineData(412, 5)]
    [InlineData(401, 6)]
    [InlineData(403, 6)]
    [InlineData(429, 7)]
    [InlineData(503, 7)]
    [InlineData(500, 1)]
    public async Task Given_a_problem_when_it_is_answered_then_its_kind_is_the_exit_code(
        int status,
        int expected
    )
    {
        service.Answer(
            "GET",
            "/v1/instances/shop",
            status,
            FakeService.Problem(status, "area.reason", "In words.")
        );

        var run = await service.RunAsync("instance", "get", "shop");

        Assert.Equal(expected, run.ExitCode);
        Assert.Contains("In words.", run.Error, StringComparison.Ordinal);
        Assert.Contains("code area.reason", run.Error, StringComparison.Ordinal);
        Assert.Contains("request req_1", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("instance", "create", "shop")]
    [InlineData("instance", "create", "shop", "--engine", "postgresql", "--cpu", "many")]
    [InlineData("instance", "create", "shop", "--engine", "postgresql", "--tag", "novalue")]
    [InlineData("instance", "update", "shop")]
    [InlineData("instance", "list", "-o", "xml")]
    public async Task Given_a_wrong_command_line_when_it_runs_then_the_exit_code_is_2(
        params string[] args
    )
    {
        Assert.Equal(2, (await service.RunAsync(args)).ExitCode);
        Assert.Empty(service.Server.LogEntries);
    }

    [Theory]
    [InlineData("instance", "list")]
    [InlineData("instance", "get", "shop")]
    [InlineData("instance", "delete", "shop")]
    public async Task Given_nobody_who_listens_when_it_connects_then_the_exit_code_is_7(
        params string[] args
    )
    {
        var run = await service.RunAsync([.. args, "--endpoint", "https://127.0.0.1:1"]);

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("cannot be reached", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("instance", "list")]
    [InlineData("instance", "get", "shop")]
    [InlineData("instance", "delete", "shop")]
    public async Task Given_an_authority_that_is_not_trusted_when_it_connects_then_the_exit_code_is_7(
        params string[] args
    )
    {
        using var other = new FakeService();

        var run = await service.RunAsync([.. args, "--ca-file", other.CaFile]);

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("certificate is not trusted", run.Error, StringComparison.Ordinal);
        Assert.Empty(service.Server.LogEntries);
    }

    public void Dispose() => service.Dispose();
}
