using System.Net.Http.Headers;
using System.Text;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>The requests of one seed: the n-th is always the same, whoever sends it and when.</summary>
internal sealed class RequestGenerator(ApiContract contract, FuzzWorld world, int seed)
{
    private static readonly string[] s_ids =
    [
        "nothing",
        "%2e%2e%2f",
        "%F0%9F%98%80",
        "a%20b",
        "ins_00000000000000000000000000000000",
        "op_x",
        "%27%3B--",
    ];

    public (ApiOperation Operation, HttpRequestMessage Request, string Text) Draw(int index)
    {
        var random = new Random(HashCode.Combine(seed, index) & int.MaxValue);
        var values = new ValueGenerator(contract, random, world);
        var operation = contract.Operations[random.Next(contract.Operations.Count)];
        // Half of the requests are meant well; the rest is wrong in more and more places.
        var wrong = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.4;
        var request = new HttpRequestMessage(
            operation.Method,
            Target(operation, values, random, wrong)
        );
        Headers(request, random, wrong);
        var text = $"{operation.Method} {request.RequestUri}";
        if (operation.Body is { } schema)
        {
            var body = Encoding.UTF8.GetBytes(values.Json("body", schema, wrong));
            if (wrong > 0 && random.Next(10) == 0)
            {
                body = Broken(body, random);
            }

            request.Content = new ByteArrayContent(body);
            if (wrong == 0 || random.Next(20) > 0)
            {
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            text += " " + Encoding.UTF8.GetString(body);
        }

        return (operation, request, text);
    }

    private string Target(
        ApiOperation operation,
        ValueGenerator values,
        Random random,
        double wrong
    )
    {
        var path = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Parameters)
        {
            if (parameter.In == "path")
            {
                var known =
                    world.Known(operation.Path + parameter.Name, random)
                    ?? world.Known(parameter.Name, random);
                path = path.Replace(
                    $"{{{parameter.Name}}}",
                    known is null || random.NextDouble() < wrong
                        ? s_ids[random.Next(s_ids.Length)]
                        : known,
                    StringComparison.Ordinal
                );
            }
            else if (parameter.In == "query" && random.Next(3) == 0)
            {
                var text = values.Json(parameter.Name, parameter.Schema, wrong).Trim('"');
                // Nobody waits here.
                query.Add(
                    $"{parameter.Name}={(parameter.Name == "wait" && wrong == 0 ? "0" : Uri.EscapeDataString(Whole(text)))}"
                );
            }
        }

        if (random.NextDouble() < wrong / 4)
        {
            query.Add($"unheard={FuzzWorld.Canary(random)}");
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private void Headers(HttpRequestMessage request, Random random, double wrong)
    {
        var key = random.Next(100) switch
        {
            < 5 => null,
            < 8 => "dbk_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            < 13 => world.ViewerKey,
            < 30 => world.AdminKey,
            _ => world.OwnerKey,
        };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                random.Next(10) == 0 ? "bearer" : "Bearer",
                key
            );
        }

        request.Headers.TryAddWithoutValidation(
            "Prefer",
            random.Next(4) == 0 ? "respond-async" : "wait=0"
        );
        if (random.Next(5) == 0)
        {
            request.Headers.TryAddWithoutValidation(
                "Idempotency-Key",
                random.NextDouble() < wrong ? new string('k', 300) : $"key-{random.Next(2000)}"
            );
        }

        if (random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation(
                "If-Match",
                random.Next(3) == 0 ? "*" : $"\"{random.Next(20)}\""
            );
        }

        if (random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("Dbaas-Run-Id", "run-" + random.Next(5));
        }

        if (random.NextDouble() < wrong / 4)
        {
            request.Headers.TryAddWithoutValidation("Dbaas-Tenant", FuzzWorld.Canary(random));
        }

        if (random.NextDouble() < wrong / 4)
        {
            request.Headers.TryAddWithoutValidation("Accept", "image/png");
        }
    }

    private static byte[] Broken(byte[] body, Random random)
    {
        if (body.Length == 0)
        {
            return body;
        }

        if (random.Next(2) == 0)
        {
            return body[..random.Next(body.Length)];
        }

        body[random.Next(body.Length)] = (byte)random.Next(256);
        return body;
    }

    /// <summary>A half of a surrogate pair cannot be escaped.</summary>
    private static string Whole(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
