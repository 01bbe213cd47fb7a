using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <summary>
/// What a change answers: the resource when it ended within the time the client wanted to wait, the reason when it failed, and the
/// operation with 202 in every other case.
/// </summary>
internal sealed class InstanceAnswers(OperationReader operations, InstanceReader instances)
{
    public async Task<ChangeAnswer> AfterAsync(
        HttpContext context,
        Caller caller,
        Preference preference,
        Outcome<Submitted> outcome,
        CancellationToken cancellationToken
    )
    {
        if (!outcome.Succeeded)
        {
            return outcome.Problem.ToResult();
        }

        var submitted = outcome.Value;
        if (submitted.Operation is { } id)
        {
            var waited = await operations.WaitAsync(
                caller,
                id,
                preference.WaitOr(TimeSpan.Zero),
                cancellationToken
            );
            if (!waited.Succeeded)
            {
                return waited.Problem.ToResult();
            }

            var operation = waited.Value;
            if (!OperationStates.HasEnded(operation.State))
            {
                return TypedResults.Accepted($"/v1/operations/{id}", operation);
            }

            if (operation.State != OperationStates.Succeeded && operation.Error is { } error)
            {
                return new Problem(
                    error.Code,
                    error.Status,
                    $"{error.Detail} See /v1/operations/{id}."
                )
                {
                    Errors = error.Errors,
                    LogLines = error.LogLines,
                }.ToResult();
            }
        }

        var found = await instances.GetAsync(
            caller.Tenant,
            submitted.Instance.ToString(),
            cancellationToken
        );
        if (!found.Succeeded)
        {
            return TypedResults.NoContent(); // deleted
        }

        EntityTag.Write(context, found.Value.Version);
        return submitted.Created
            ? TypedResults.Created($"/v1/instances/{found.Value.View.Id}", found.Value.View)
            : TypedResults.Ok(found.Value.View);
    }
}
