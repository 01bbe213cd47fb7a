using Dbaas.LocalKms.Signatures;

namespace Dbaas.LocalKms.Tests.Signatures;

public sealed class AuthorizationHeaderTests
{
    [Fact]
    public void Given_names_of_signed_headers_when_each_is_there_once_then_they_are_read() =>
        Assert.Equal(["host", "x-amz-date"], Parse("host;x-amz-date")!.SignedHeaders);

    [Fact]
    public void Given_a_name_that_comes_again_then_the_header_is_misshapen() =>
        Assert.Null(Parse("host;x-amz-date;host"));

    [Fact]
    public void Given_more_names_than_any_program_signs_then_the_header_is_misshapen() =>
        Assert.Null(
            Parse(string.Join(';', Enumerable.Range(0, 65).Select(number => $"a{number}")))
        );

    private static AuthorizationHeader? Parse(string names) =>
        AuthorizationHeader.Parse(
            $"AWS4-HMAC-SHA256 Credential=AKID/20260101/local-a/kms/aws4_request, SignedHeaders={names}, Signature=00"
        );
}
