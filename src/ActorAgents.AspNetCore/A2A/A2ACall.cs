using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>A call of JSON-RPC. It is kept with its request, so that whatever is answered, an error too, bears its id.</summary>
internal sealed class A2ACall
{
    public const string VersionHeader = "A2A-Version";

    private const int LongestId = 256; // Every frame repeats it.

    private byte[]? _id;

    public string Method { get; private set; } = "";

    /// <summary>Whether it is a call by its form, so that what is wrong further on are its parameters.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Null as long as no body was read.</summary>
    public static A2ACall? Of(HttpContext http) => http.Features.Get<A2ACall>();

    /// <summary>Reads a call, and its parameters by <paramref name="read"/>, which must copy what it keeps.</summary>
    /// <exception cref="HttpErrorException">It is malformed, or of another version.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http, Func<A2ACall, RequestObject, T> read)
    {
        using var document = await JsonBody.ReadDocumentAsync(http);
        var call = new A2ACall();
        http.Features.Set(call);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new HttpErrorException(HttpError.BadRequest("The body must be one call, an object; batches are not taken."));
        var envelope = new RequestObject(document.RootElement, "");
        call._id = ReadId(envelope);
        if (envelope.RequiredText("jsonrpc") != "2.0") throw envelope.Wrong("jsonrpc", "\"2.0\"");
        call.Method = envelope.RequiredText("method");
        call.IsRead = true;
        RequireVersion(http.Request);
        return read(call, envelope);
    }

    /// <summary>Writes the members of an answer but for its result or error.</summary>
    public static void WriteHead(Utf8JsonWriter json, A2ACall? call)
    {
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        if (call?._id is { } id) json.WriteRawValue(id, skipInputValidation: true);
        else json.WriteNullValue();
    }

    /// <summary>Writes a whole answer; <paramref name="result"/> writes one value.</summary>
    public Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter> result) => http.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        WriteHead(json, this);
        json.WritePropertyName("result");
        result(json);
        json.WriteEndObject();
    });

    private static byte[] ReadId(RequestObject envelope)
    {
        var id = envelope.Find("id") ?? throw envelope.Missing("id", "a string or a whole number: an answer bears it");
        if (id.ValueKind != JsonValueKind.String && !(id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _))) throw envelope.Wrong("id", "a string or a whole number");
        var raw = Encoding.UTF8.GetBytes(id.GetRawText());
        return raw.Length <= LongestId ? raw : throw envelope.Wrong("id", $"no longer than {LongestId} bytes");
    }

    /// <summary>Patch numbers, as in 1.0.1, tell nothing apart.</summary>
    private static void RequireVersion(HttpRequest request)
    {
        var asked = request.Headers[VersionHeader].ToString();
        if (asked.Length == 0) asked = request.Query[VersionHeader].ToString();
        if (asked != "1.0" && !asked.StartsWith("1.0.", StringComparison.Ordinal)) throw A2AErrors.Version(asked.Length <= 20 ? asked : asked[..20]);
    }
}
