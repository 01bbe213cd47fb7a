global using ChangeAnswer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<Dbaas.Client.Instances.InstanceView>,
    Microsoft.AspNetCore.Http.HttpResults.Created<Dbaas.Client.Instances.InstanceView>,
    Microsoft.AspNetCore.Http.HttpResults.NoContent,
    Microsoft.AspNetCore.Http.HttpResults.Accepted<Dbaas.Client.Operations.OperationView>,
    Dbaas.Control.Problems.ProblemResult
>;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Dbaas.Control.Instances;

/// <summary>What every change of one instance takes from its request; bound by minimal APIs.</summary>
internal sealed record InstanceCall(
    [FromRoute(Name = "idOrName")] string IdOrName,
    Caller Caller,
    Preference Preference,
    EntityTag Tag,
    [FromServices] InstanceDesk Desk,
    [FromServices] InstanceAnswers Answers,
    HttpContext Context
)
{
    public Task<ChangeAnswer> AnswerAsync(
        Outcome<Submitted> outcome,
        CancellationToken cancellationToken
    ) => Answers.AfterAsync(Context, Caller, Preference, outcome, cancellationToken);
}
