using System.Text.RegularExpressions;
using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Granting;

internal sealed record CreateGrantRequest
{
    public string? KeyId { get; init; }
    public string? GranteePrincipal { get; init; }
    public string? RetiringPrincipal { get; init; }
    public IReadOnlyList<string>? Operations { get; init; }
    public GrantConstraints? Constraints { get; init; }
    public IReadOnlyList<string>? GrantTokens { get; init; }
    public string? Name { get; init; }
    public bool? DryRun { get; init; }
}

internal sealed record CreateGrantResponse(string GrantId, string GrantToken);

internal sealed partial class CreateGrant(KeyGate gate, GrantStore grants, TimeProvider time)
    : KmsOperation<CreateGrantRequest, CreateGrantResponse>(
        KmsJson.Default.CreateGrantRequest,
        KmsJson.Default.CreateGrantResponse
    )
{
    private const int MaximumConstraintPairs = 8;
    private const int MaximumConstraintLength = 384;

    private static readonly string[] Grantable =
    [
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
    ];

    public override string Name => "CreateGrant";

    protected override async Task<Outcome<CreateGrantResponse>> HandleAsync(
        CreateGrantRequest request,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (RefuseInput(request) is { } invalid)
        {
            return invalid;
        }

        var grant = new GrantRecord
        {
            GrantId = GrantTokens.NewGrantId(),
            KeyId = "",
            GranteePrincipal = request.GranteePrincipal!,
            RetiringPrincipal = request.RetiringPrincipal,
            IssuingPrincipal = caller.Principal.Arn,
            Operations = request.Operations!,
            Constraints = request.Constraints,
            Name = request.Name,
            CreatedAt = time.GetUtcNow(),
        };
        var access = new AccessRequest(Name)
        {
            Grant = grant,
            GrantTokens = request.GrantTokens ?? [],
        };
        if (
            gate.Use(caller, request.KeyId, access, request.DryRun is true)
                .Refused(out var refusal, out var key)
        )
        {
            return refusal;
        }

        return (await grants.AddAsync(grant with { KeyId = key.KeyId }, cancellationToken)).Refused(
            out var failed,
            out var stored
        )
            ? failed
            : new CreateGrantResponse(stored.GrantId, grants.TokenOf(stored));
    }

    private static KmsRefusal? RefuseInput(CreateGrantRequest request) =>
        RefusePrincipal("granteePrincipal", request.GranteePrincipal ?? "")
        ?? RefusePrincipal("retiringPrincipal", request.RetiringPrincipal)
        ?? RequestRules.Length("operations", request.Operations?.Count, 1, Grantable.Length)
        ?? request
            .Operations!.Select(operation => RequestRules.OneOf("operations", operation, Grantable))
            .FirstOrDefault(refusal => refusal is not null)
        ?? (
            request.Name is null || GrantName().IsMatch(request.Name)
                ? null
                : RequestRules.Constraint(
                    "name",
                    "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]{1,256}$"
                )
        )
        ?? RefuseConstraint(request.Constraints?.EncryptionContextSubset)
        ?? RefuseConstraint(request.Constraints?.EncryptionContextEquals)
        ?? RequestRules.GrantTokens(request.GrantTokens);

    private static KmsRefusal? RefusePrincipal(string member, string? arn) =>
        arn is null || arn is { Length: <= 256 } && PrincipalArn().IsMatch(arn)
            ? null
            : new KmsRefusal("InvalidArnException", $"{member} must be the ARN of a principal.");

    private static KmsRefusal? RefuseConstraint(Dictionary<string, string>? context) =>
        context is null
        || context.Count is >= 1 and <= MaximumConstraintPairs
            && context.Sum(pair => pair.Key.Length + pair.Value.Length) <= MaximumConstraintLength
            ? null
            : RequestRules.Constraint(
                "constraints",
                $"Member must have 1 to {MaximumConstraintPairs} pairs and at most {MaximumConstraintLength} characters"
            );

    [GeneratedRegex("^arn:aws:(iam|sts)::[0-9]{12}:.+$")]
    private static partial Regex PrincipalArn();

    [GeneratedRegex("^[a-zA-Z0-9:/_-]{1,256}$")]
    private static partial Regex GrantName();
}
