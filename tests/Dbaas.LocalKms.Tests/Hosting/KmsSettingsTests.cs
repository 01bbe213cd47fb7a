using System.Text.Json;
using Dbaas.LocalKms.Hosting;

namespace Dbaas.LocalKms.Tests.Hosting;

public sealed class KmsSettingsTests
{
    [Fact]
    public void Given_a_file_without_an_account_when_it_is_read_then_arns_still_carry_one()
    {
        const string file = """
            {
              "listen": "127.0.0.1:7451", "certificateFile": "a.crt", "certificateKeyFile": "a.key",
              "dataFolder": "data", "region": "local-a", "principalsFile": "principals.json"
            }
            """;

        var settings = JsonSerializer.Deserialize(file, FileJson.Default.KmsSettings);

        Assert.Equal("000000000000", settings!.AccountId);
    }
}
