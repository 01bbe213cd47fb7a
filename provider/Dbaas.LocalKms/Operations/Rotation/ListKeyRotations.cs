using System.Globalization;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Operations.Rotation;

internal sealed record RotationListEntry(
    string KeyId,
    double RotationDate,
    RotationKind RotationType
);

internal sealed record ListKeyRotationsResponse(
    IReadOnlyList<RotationListEntry> Rotations,
    string? NextMarker,
    bool Truncated
);

/// <summary>Completed rotations, oldest first.</summary>
internal sealed class ListKeyRotations(KeyGate gate)
    : ImmediateOperation<KeyPageRequest, ListKeyRotationsResponse>(
        KmsJson.Default.KeyPageRequest,
        KmsJson.Default.ListKeyRotationsResponse
    )
{
    public override string Name => "ListKeyRotations";

    protected override Outcome<ListKeyRotationsResponse> Answer(
        KeyPageRequest request,
        Caller caller
    ) =>
        gate.Administer(caller, request.KeyId, new AccessRequest(Name))
            .Then(key => Page(key, request));

    private static Outcome<ListKeyRotationsResponse> Page(KeyRecord key, KeyPageRequest request) =>
        ListPage<(int Number, BackingKey Material)>
            .Of(
                key.BackingKeys.Select((material, number) => (number, material))
                    .Where(generation => generation.material.Rotation is not null),
                generation => generation.Number.ToString("D9", CultureInfo.InvariantCulture),
                request.Limit,
                request.Marker,
                PageLimits.Rotations
            )
            .Then<ListKeyRotationsResponse>(page => new ListKeyRotationsResponse(
                [.. page.Items.Select(generation => Entry(key.Arn, generation.Material))],
                page.NextMarker,
                page.Truncated
            ));

    private static RotationListEntry Entry(string arn, BackingKey material) =>
        new(arn, EpochSeconds.From(material.CreatedAt), material.Rotation!.Value);
}
