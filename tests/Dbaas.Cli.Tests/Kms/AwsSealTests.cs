namespace Dbaas.Cli.Tests.Kms;

/// <summary>Plaintexts and the keys they are sealed under.</summary>
public sealed class AwsSealTests(LocalInstallation installation) : AwsCliTest(installation)
{
    [Fact]
    public async Task Given_a_plaintext_when_the_aws_cli_seals_moves_and_opens_it_then_it_is_the_same()
    {
        var aws = await CliAsync();
        var (key, other) = (await NewKeyAsync(aws), await NewKeyAsync(aws));
        var sent = Convert.ToBase64String("a secret"u8);
        var plain = File(Convert.FromBase64String(sent));

        var sealedText = await aws.AnswerAsync(
            "encrypt",
            "--key-id",
            key,
            "--plaintext",
            plain,
            "--encryption-context",
            Context
        );
        var blob = File(Convert.FromBase64String(Text(sealedText, "CiphertextBlob")));
        var opened = await aws.AnswerAsync(
            "decrypt",
            "--ciphertext-blob",
            blob,
            "--encryption-context",
            Context
        );
        Assert.Equal(sent, Text(opened, "Plaintext"));
        Assert.Contains(
            "InvalidCiphertextException",
            await aws.RefusalAsync("decrypt", "--ciphertext-blob", blob),
            StringComparison.Ordinal
        );
        var moved = await aws.AnswerAsync(
            "re-encrypt",
            "--ciphertext-blob",
            blob,
            "--source-encryption-context",
            Context,
            "--destination-key-id",
            other,
            "--destination-encryption-context",
            "purpose=moved"
        );
        opened = await aws.AnswerAsync(
            "decrypt",
            "--ciphertext-blob",
            File(Convert.FromBase64String(Text(moved, "CiphertextBlob"))),
            "--encryption-context",
            "purpose=moved"
        );
        Assert.Equal(sent, Text(opened, "Plaintext"));
        Assert.EndsWith(other, Text(opened, "KeyId"), StringComparison.Ordinal);

        var dataKey = await aws.AnswerAsync(
            "generate-data-key",
            "--key-id",
            key,
            "--key-spec",
            "AES_256"
        );
        Assert.Equal(32, Convert.FromBase64String(Text(dataKey, "Plaintext")).Length);
        var wrapped = await aws.AnswerAsync(
            "generate-data-key-without-plaintext",
            "--key-id",
            key,
            "--number-of-bytes",
            "64"
        );
        Assert.Null(wrapped!["Plaintext"]);
        var random = await aws.AnswerAsync("generate-random", "--number-of-bytes", "24");
        Assert.Equal(24, Convert.FromBase64String(Text(random, "Plaintext")).Length);
    }

    [Fact]
    public async Task Given_rotation_when_the_aws_cli_switches_and_asks_for_it_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var key = await NewKeyAsync(aws);

        await aws.AnswerAsync("enable-key-rotation", "--key-id", key);
        Assert.True(await RotatesAsync());
        await aws.AnswerAsync("disable-key-rotation", "--key-id", key);
        Assert.False(await RotatesAsync());

        if (await aws.KnowsAsync("rotate-key-on-demand"))
        {
            await aws.AnswerAsync("rotate-key-on-demand", "--key-id", key);
            var rotations = await aws.AnswerAsync("list-key-rotations", "--key-id", key);
            var only = Assert.Single(rotations!["Rotations"]!.AsArray());
            Assert.Equal("ON_DEMAND", Text(only, "RotationType"));
        }

        async Task<bool> RotatesAsync() =>
            (await aws.AnswerAsync("get-key-rotation-status", "--key-id", key))![
                "KeyRotationEnabled"
            ]!.GetValue<bool>();
    }
}
