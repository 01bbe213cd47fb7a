namespace Dbaas.LocalKms.Principals;

/// <summary>Somebody who may call, with a secret shared with this service (AWS Signature V4 needs it in the clear).</summary>
internal sealed record Principal
{
    public required string Name { get; init; }

    /// <summary>arn:aws:iam::ACCOUNT:user/NAME.</summary>
    public required string Arn { get; init; }
    public required string AccessKeyId { get; init; }
    public required string SecretAccessKey { get; init; }

    /// <summary>What it may do by itself; grants add to it.</summary>
    public IReadOnlyList<Right> Rights { get; init; } = [];

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => Arn;
}
