using Dbaas.Client.Operations;
using Dbaas.Client.Planning;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Inputs;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Pulumi;

/// <summary>What the engine hears when something is refused or fails. Internal and Unknown mean "state lost" to it, so only a bug is Internal.</summary>
internal static class Refusals
{
    /// <summary>Any failure as a status with a text for the user.</summary>
    public static GrpcException Of(
        Exception error,
        IReadOnlyList<SchemaProperty> properties,
        string versionAdvice,
        Redaction redaction
    )
    {
        if (error is GrpcException known)
        {
            return new GrpcException(known.Status, redaction.Clean(known.Message), known.Detail);
        }

        var (status, message) = error switch
        {
            ServiceException refused => (StatusOf(refused), TextOf(refused, properties, redaction)),
            UnreachableException => (
                GrpcStatus.Unavailable,
                $"The control service gave no answer. {error.Message}"
            ),
            OperationCanceledException => (
                GrpcStatus.Cancelled,
                "Interrupted. Nothing was changed by this call."
            ),
            AnswerException => (GrpcStatus.FailedPrecondition, $"{error.Message} {versionAdvice}"),
            _ => (
                GrpcStatus.Internal,
                $"The provider failed. {error.GetType().Name}: {error.Message}\nPlease report this."
            ),
        };
        return new GrpcException(status, redaction.Clean(message));
    }

    /// <summary>A dry run that says no.</summary>
    public static GrpcException Of(
        PlanResult plan,
        IReadOnlyList<SchemaProperty> properties,
        Redaction redaction
    ) =>
        new(
            GrpcStatus.InvalidArgument,
            string.Join(
                '\n',
                Forecast
                    .Of(plan)
                    .Where(line => line.Kind == ForecastKind.Refusal)
                    .Select(line => TextOf(line, properties, redaction))
            )
        );

    /// <summary>One line of a forecast, led by the property it is about.</summary>
    public static string TextOf(
        ForecastLine line,
        IReadOnlyList<SchemaProperty> properties,
        Redaction redaction
    )
    {
        var path = PropertyPath.Write(
            redaction.Shown(InputPath.FromPointer(properties, line.Pointer))
        );
        return redaction.Clean($"{(path.Length > 0 ? path + ": " : "")}{line.Text}");
    }

    /// <summary>A refusal in words.</summary>
    private static string TextOf(
        ServiceException error,
        IReadOnlyList<SchemaProperty> properties,
        Redaction redaction
    )
    {
        var problem = error.Problem;
        return problem.Errors.Count == 0
            ? $"{Sentence(problem.Title)} {ProblemText.DetailOf(error)}"
            : string.Join(
                '\n',
                problem.Errors.Select(field =>
                    TextOf(
                        new ForecastLine(
                            ForecastKind.Refusal,
                            field.Message,
                            Forecast.DetailOf(field),
                            field.Pointer
                        ),
                        properties,
                        redaction
                    )
                )
            );
    }

    private static string Sentence(string text) =>
        text.Length > 0 && text[^1] is '.' or '?' or '!' ? text : text + ".";

    private static GrpcStatus StatusOf(ServiceException error) =>
        StatusOf(error.Problem, failedLater: error.OperationId is not null);

    private static GrpcStatus StatusOf(ProblemBody problem, bool failedLater) =>
        problem.Status switch
        {
            _ when failedLater => GrpcStatus.Aborted,
            // A setting is wrong; NotFound would speak of the resource.
            _ when problem.Code == ResourceClient.UnknownTenant => GrpcStatus.FailedPrecondition,
            400 or 405 or 413 or 415 or 422 => GrpcStatus.InvalidArgument,
            401 => GrpcStatus.Unauthenticated,
            403 => GrpcStatus.PermissionDenied,
            404 => GrpcStatus.NotFound,
            409 when problem.Code.EndsWith("_taken", StringComparison.Ordinal) =>
                GrpcStatus.AlreadyExists,
            429 => GrpcStatus.ResourceExhausted,
            503 or 504 => GrpcStatus.Unavailable,
            >= 500 => GrpcStatus.Aborted,
            _ => GrpcStatus.FailedPrecondition,
        };
}
