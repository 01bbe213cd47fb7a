using Dbaas.Host.Images;
using Dbaas.Host.Images.Building;

namespace Dbaas.Host.Tests.Images;

public sealed class BuildFailureTests
{
    private static readonly ImageRecipe Recipe = new()
    {
        Engine = "postgresql",
        Version = "18",
        Suite = "sid",
        Packages = ["postgresql-18"],
    };

    [Theory]
    [InlineData("E: Unable to locate package postgresql-99")]
    [InlineData("E: Package 'postgresql-99' has no installation candidate")]
    public void Given_a_package_the_suite_lacks_when_explained_then_the_package_is_named(
        string line
    )
    {
        var problem = BuildFailure.Explain(Recipe, ["I: downloading packages with apt...", line]);

        Assert.Equal("image.package_missing", problem.Code);
        Assert.Contains("postgresql-99", problem.Message, StringComparison.Ordinal);
        Assert.Contains("sid", problem.Message, StringComparison.Ordinal);
        Assert.False(problem.Retryable);
    }

    [Theory]
    [InlineData(
        "W: Failed to fetch http://example/InRelease  Temporary failure resolving 'example'"
    )]
    [InlineData("Err:1 http://example sid InRelease\n  Could not connect to example:80")]
    public void Given_no_network_when_explained_then_the_mirror_is_blamed_and_a_retry_may_help(
        string line
    )
    {
        var problem = BuildFailure.Explain(Recipe, [line, "E: apt-get update failed"]);

        Assert.Equal("image.mirror_unreachable", problem.Code);
        Assert.True(problem.Retryable);
    }

    [Fact]
    public void Given_a_failing_command_when_explained_then_its_last_words_are_shown()
    {
        var problem = BuildFailure.Explain(
            Recipe,
            ["I: running --customize-hook in shell", "initdb: error: no such locale", ""]
        );

        Assert.Equal("image.build_failed", problem.Code);
        Assert.Contains("no such locale", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("I: ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I: running apt-get update...", "resolving")]
    [InlineData("I: installing remaining packages inside the chroot...", "installing")]
    [InlineData("stage: template Initialising the template.", "template")]
    public void Given_a_line_of_the_build_when_it_begins_a_stage_then_the_stage_is_known(
        string line,
        string stage
    ) => Assert.Equal(stage, BuildStages.Recognise(line)?.Stage);

    [Fact]
    public void Given_any_other_line_when_read_then_the_stage_stays() =>
        Assert.Null(BuildStages.Recognise("Setting up libc6:amd64 ..."));
}
