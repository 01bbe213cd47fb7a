using System.Diagnostics.CodeAnalysis;

namespace Dbaas.Control.Http;

/// <summary>What the pipeline keeps with a request.</summary>
internal static class HttpContextExtensions
{
    /// <summary>Characters of a header that is kept.</summary>
    public const int LongestHeader = 100;

    private const string RequestIdItem = "dbaas.request-id";

    extension(HttpContext context)
    {
        /// <summary>Id of this request: in the answer, every log line and every audit row.</summary>
        [AllowNull]
        public string RequestId
        {
            get => context.Items[RequestIdItem] as string ?? "";
            set => context.Items[RequestIdItem] = value;
        }

        /// <summary>A header of ours that ends up in rows and logs: at most 100 visible ASCII characters, else empty.</summary>
        public string ShortHeader(string name)
        {
            var value = context.Request.Headers[name].ToString();
            return value.Length <= LongestHeader && value.All(c => c is > ' ' and <= '~')
                ? value
                : "";
        }
    }
}
