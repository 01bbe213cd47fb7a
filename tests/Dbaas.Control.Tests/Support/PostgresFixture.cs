using Dbaas.Control.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Dbaas.Control.Tests.Support;

/// <summary>One PostgreSQL for the whole run, started by the first test that needs it; every test class takes a database of its own.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PrivatePostgres>> _server = new(PrivatePostgres.StartAsync);

    internal Task<PrivatePostgres> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
