using Dbaas.Control.ApiKeys;
using Dbaas.Control.Audit;
using Dbaas.Control.Composition;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Tenancy;

/// <summary>
/// On the first start: tenant <c>default</c>, its owner with the platform's rights as well, and the key in a file of mode 0600. The file is
/// written before the commit: a crash between the two leaves a useless file that the next start overwrites, never a platform without a key.
/// </summary>
internal sealed partial class FirstAdministrator(
    IPlatformTransactions platform,
    IApiKeyIssuer keys,
    IEventWriter events,
    IOptions<ControlOptions> control,
    IOptions<TenancyOptions> quota,
    TimeProvider time,
    ILogger<FirstAdministrator> logger
)
{
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        // Several silos may start at once; one of them makes the administrator.
        await using (
            var guard = transaction.Command(
                "SELECT pg_advisory_xact_lock(hashtext('dbaas-first-administrator'))"
            )
        )
        {
            await guard.ExecuteNonQueryAsync(cancellationToken);
        }

        if (await transaction.Db.Set<TenantRow>().AnyAsync(cancellationToken))
        {
            return;
        }

        var tenant = new TenantRow
        {
            TenantId = TypedId.New<TenantId>(time),
            Name = "default",
            CreatedAt = time.GetUtcNow(),
        };
        transaction.Db.Add(tenant);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        var defaults = quota.Value;
        transaction.Db.Add(
            new QuotaRow
            {
                TenantId = tenant.TenantId,
                Instances = defaults.Instances,
                Cpu = defaults.Cpu,
                MemoryGib = defaults.MemoryGib,
                StorageGib = defaults.StorageGib,
            }
        );
        var key = await keys.IssueAsync(
            transaction,
            new KeyIssue(
                tenant.TenantId,
                "administrator",
                ["owner", "platform-administrator"],
                null
            ),
            cancellationToken
        );
        await events.AppendAsync(
            transaction,
            new("tenant.created", "Tenant default and the first administrator were made.")
            {
                Tenant = tenant.TenantId,
                ResourceId = tenant.TenantId.ToString(),
            },
            cancellationToken
        );
        await WriteAsync(key.Secret, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogMade(control.Value.FirstAdminKeyFile);
    }

    private async Task WriteAsync(string secret, CancellationToken cancellationToken)
    {
        var path = control.Value.FirstAdminKeyFile;
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(draft, options))
        {
            await file.WriteAsync(
                System.Text.Encoding.ASCII.GetBytes(secret + "\n"),
                cancellationToken
            );
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    [LoggerMessage(
        1201,
        LogLevel.Information,
        "Made the first administrator; its key is in {File}"
    )]
    private partial void LogMade(string file);
}
