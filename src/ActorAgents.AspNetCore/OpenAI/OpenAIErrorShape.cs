using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary><c>{"error":{"message","type","param","code"}}</c>, which OpenAI's clients turn into exceptions.</summary>
internal sealed class OpenAIErrorShape : ErrorShape
{
    public static readonly OpenAIErrorShape Instance = new();

    protected override string ContentType => "application/json";

    public override void Write(Utf8JsonWriter json, HttpError error)
    {
        json.WriteStartObject();
        WriteMember(json, error);
        json.WriteEndObject();
    }

    public static void WriteMember(Utf8JsonWriter json, HttpError error)
    {
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        });
        json.WriteString("param", error.Param);
        json.WriteString("code", error.Code == "unknown_agent" ? "model_not_found" : error.Code);
        json.WriteEndObject();
    }
}
