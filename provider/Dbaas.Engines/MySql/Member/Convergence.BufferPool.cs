using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <summary>
/// The one setting whose statement ends before it is in force: the server resizes its buffer pool in the background. Who lowers the
/// machine's memory meanwhile kills the server. Source: MySQL 9.7 Reference Manual, "Configuring InnoDB Buffer Pool Size".
/// </summary>
internal sealed partial class Convergence
{
    private const string BufferPoolSize = "innodb_buffer_pool_size";
    private const string Failed = "7";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    // Withdrawing pages waits for transactions that hold them. The machine keeps its memory until the pool has given its own back, so
    // going on is safe; waiting is what makes the next step succeed at once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private async Task BufferPoolHasSizeAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < s_patience)
        {
            var (code, words) = await ResizeStatusAsync(cancellationToken);
            if (code == Failed)
            {
                throw new MemberFailure("engine.setting_refused", words);
            }

            if (IsSettled(code, words))
            {
                return;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }
    }

    /// <summary>Whether nothing is being resized. Between the request and its start the code still says that nothing happens.</summary>
    public static bool IsSettled(string code, string words) =>
        code is "" or "0" && !words.StartsWith("Requested", StringComparison.Ordinal);

    private async Task<(string Code, string Words)> ResizeStatusAsync(
        CancellationToken cancellationToken
    )
    {
        var status = await session.QueryAsync(
            "SELECT variable_name, variable_value FROM performance_schema.global_status WHERE variable_name LIKE 'Innodb\\_buffer\\_pool\\_resize\\_status%'",
            reader => (Name: reader.GetString(0), Value: reader.GetString(1)),
            cancellationToken
        );
        return (
            status.Find(row => row.Name == "Innodb_buffer_pool_resize_status_code").Value ?? "",
            status.Find(row => row.Name == "Innodb_buffer_pool_resize_status").Value ?? ""
        );
    }
}
