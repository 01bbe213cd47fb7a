using Dbaas.Host.Images.Building;

namespace Dbaas.Host.Tests.Images.Building;

/// <summary>A build is the same whoever calls it.</summary>
public sealed class BuildProcessTests
{
    [Fact]
    public async Task Given_programs_of_the_callers_own_on_the_path_when_an_image_is_built_then_debians_are_run()
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-build-");
        var before = Environment.GetEnvironmentVariable("PATH");
        List<string> said = [];
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{folder.FullName}:{before}");
            var code = await BuildProcess.RunAsync(
                Path.Combine(folder.FullName, "pid"),
                ["printenv", "PATH"],
                said.Add,
                TestContext.Current.CancellationToken
            );

            Assert.Equal(0, code);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
            folder.Delete(recursive: true);
        }

        Assert.Equal("/usr/sbin:/usr/bin:/sbin:/bin", Assert.Single(said));
    }
}
