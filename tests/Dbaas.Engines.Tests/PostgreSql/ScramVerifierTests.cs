using Dbaas.Engines.PostgreSql.Member;

namespace Dbaas.Engines.Tests.PostgreSql;

public sealed class ScramVerifierTests
{
    private const string Password = "correct horse";
    private readonly string _stored = ScramVerifier.Make(Password);

    [Fact]
    public void Given_a_verifier_when_passwords_are_tried_then_only_its_own_matches()
    {
        Assert.True(ScramVerifier.Matches(_stored, Password));
        Assert.False(ScramVerifier.Matches(_stored, "battery staple"));
        Assert.False(ScramVerifier.Matches(null, Password));
        Assert.False(ScramVerifier.Matches("md50123456789abcdef0123456789abcdef", Password));
    }

    // The second would take minutes to compute.
    [Theory]
    [InlineData("4095")]
    [InlineData("2147483647")]
    [InlineData("04096")]
    [InlineData("")]
    public void Given_a_count_of_iterations_that_is_not_the_platforms_when_it_is_compared_then_it_is_no_match(
        string iterations
    ) =>
        Assert.False(
            ScramVerifier.Matches(
                _stored.Replace("$4096:", $"${iterations}:", StringComparison.Ordinal),
                Password
            )
        );
}
