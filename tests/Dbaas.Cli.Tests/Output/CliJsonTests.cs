using Dbaas.Cli.Output;
using Dbaas.Client;
using Dbaas.Client.Catalogue;
using Refit;

namespace Dbaas.Cli.Tests.Output;

/// <summary>A native program reads and writes only what <see cref="CliJson"/> names, and would find out what is missing at run time.</summary>
public sealed class CliJsonTests
{
    public static TheoryData<Type> Bodies =>
        [
            .. typeof(IDbaasApi)
                .GetMethods()
                .SelectMany(method =>
                    method
                        .GetParameters()
                        .Where(parameter =>
                            parameter.IsDefined(typeof(BodyAttribute), inherit: false)
                        )
                        .Select(parameter => parameter.ParameterType)
                        .Concat(method.ReturnType.GetGenericArguments().Select(Content))
                )
                .Where(type => type != typeof(string))
                .SelectMany<Type, Type>(type => ListOf(type) is { } list ? [type, list] : [type])
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Given_a_body_of_the_api_when_asked_then_its_contract_was_compiled(Type body) =>
        Assert.Equal(body, JsonOutput.Options.GetTypeInfo(body).Type);

    [Fact]
    public void Given_the_api_then_its_bodies_are_found() => Assert.True(Bodies.Count > 30);

    private static Type Content(Type answer) =>
        answer.IsGenericType && answer.GetGenericTypeDefinition() == typeof(IApiResponse<>)
            ? answer.GetGenericArguments()[0]
            : answer;

    /// <summary>Commands print a page's items without the page.</summary>
    private static Type? ListOf(Type body) =>
        body.IsGenericType && body.GetGenericTypeDefinition() == typeof(Page<>)
            ? typeof(IReadOnlyList<>).MakeGenericType(body.GetGenericArguments())
            : null;
}
