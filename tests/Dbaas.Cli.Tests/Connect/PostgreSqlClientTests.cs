using Dbaas.Cli.Connect;
using Dbaas.Client.Instances;

namespace Dbaas.Cli.Tests.Connect;

public sealed class PostgreSqlClientTests
{
    [Fact]
    public void Given_credentials_when_psql_is_prepared_then_the_password_is_in_a_0600_file_and_nowhere_else()
    {
        var credentials = new CredentialsView
        {
            Host = "127.101.0.1",
            Port = 5432,
            Username = "shop_admin",
            Password = "canary:pass\\word",
            Database = "it's",
            Ca = "PEM",
        };
        string passwordFile;
        using (var folder = new SecretFolder())
        {
            var start = new PostgreSqlClient().Prepare(credentials, folder, ["-c", "SELECT 1"]);

            passwordFile = start.Environment["PGPASSFILE"]!;
            Assert.Equal(
                "127.101.0.1:5432:*:shop_admin:canary\\:pass\\\\word\n",
                File.ReadAllText(passwordFile)
            );
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(passwordFile)
            );
            Assert.DoesNotContain(
                start.ArgumentList,
                argument => argument.Contains("canary", StringComparison.Ordinal)
            );
            Assert.DoesNotContain(
                start.Environment,
                pair => pair.Value?.Contains("canary", StringComparison.Ordinal) is true
            );
            Assert.Contains(
                "sslmode='verify-full'",
                start.ArgumentList[0],
                StringComparison.Ordinal
            );
            Assert.Contains(
                "channel_binding='require'",
                start.ArgumentList[0],
                StringComparison.Ordinal
            );
            Assert.Contains("dbname='it\\'s'", start.ArgumentList[0], StringComparison.Ordinal);
            Assert.Equal(["-c", "SELECT 1"], start.ArgumentList.Skip(1));
        }

        Assert.False(File.Exists(passwordFile));
        Assert.False(Directory.Exists(Path.GetDirectoryName(passwordFile)));
    }
}
