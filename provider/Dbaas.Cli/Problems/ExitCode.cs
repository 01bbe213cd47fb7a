namespace Dbaas.Cli.Problems;

/// <summary>Exit codes by kind of error; a contract with scripts, described in docs/cli.md.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int RefusedInput = 3;
    public const int NotFound = 4;
    public const int Conflict = 5;
    public const int Forbidden = 6;
    public const int Unavailable = 7;
    public const int OperationFailed = 8;

    /// <summary>128 + SIGINT, as shells expect it.</summary>
    public const int Interrupted = 130;

    public static int OfStatus(int status) =>
        status switch
        {
            401 or 403 => Forbidden,
            404 or 410 => NotFound,
            409 or 412 or 428 => Conflict,
            429 or 502 or 503 or 504 => Unavailable,
            >= 400 and < 500 => RefusedInput,
            _ => Unexpected,
        };
}
