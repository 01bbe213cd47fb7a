namespace Dbaas.LocalKms.Protocol;

/// <summary>One action of the KMS API. A file an operation: adding one is adding a class and its line in OperationRegistration.</summary>
internal interface IKmsOperation
{
    /// <summary>The part of X-Amz-Target behind "TrentService.".</summary>
    string Name { get; }

    /// <summary>Answers with the response's JSON (empty for operations without one) or a refusal.</summary>
    /// <exception cref="System.Text.Json.JsonException">The body is not what the operation takes.</exception>
    Task<Outcome<ResponseBody>> AnswerAsync(
        ReadOnlyMemory<byte> body,
        Caller caller,
        CancellationToken cancellationToken
    );
}
