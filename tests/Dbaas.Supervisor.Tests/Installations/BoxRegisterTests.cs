using Dbaas.Supervisor.Installations;

namespace Dbaas.Supervisor.Tests.Installations;

public sealed class BoxRegisterTests
{
    [Fact]
    public void Given_an_installation_whose_root_is_gone_when_the_register_is_read_then_it_counts_for_nothing()
    {
        using var box = new TemporaryRoot();
        var register = new BoxRegister(Path.Combine(box.Paths.Root, "register"));
        using var kept = new TemporaryRoot();
        var keptInstallation = Install(register, kept, 0);
        var gone = new TemporaryRoot();
        Install(register, gone, 1);
        gone.Dispose();

        var others = register.Others("/somewhere/else");

        Assert.Equal(keptInstallation.Id, Assert.Single(others).Id);
        Assert.Empty(register.Others(kept.Paths.Root));
    }

    private static Installation Install(BoxRegister register, TemporaryRoot root, int slot)
    {
        var installation = new Slot(slot).Describe("/images", null, null);
        InstallationFile.Write(root.Paths, installation);
        register.Add(installation, root.Paths.Root);
        return installation;
    }
}
