using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

public sealed partial class ChatScript
{
    /// <summary>Says text, a chunk per piece. Empty pieces are chunks too.</summary>
    public ChatScript Text(params IEnumerable<string> pieces) => Then([.. pieces.Select(p => ScriptStep.Give(new TextContent(p)))]);

    /// <summary>Thinks aloud, a chunk per piece.</summary>
    public ChatScript Reason(params IEnumerable<string> pieces) => Then([.. pieces.Select(p => ScriptStep.Give(new TextReasoningContent(p)))]);

    /// <summary>Calls a tool, in one chunk.</summary>
    /// <param name="arguments">An anonymous object, a dictionary, anything that serializes to a JSON object. The values arrive as <see cref="JsonElement"/>, as real providers give them.</param>
    /// <param name="callId">Unless given, an id that no other request and no other call of this script has.</param>
    public ChatScript Call(string name, object? arguments = null, string? callId = null)
    {
        var json = arguments is null ? "{}" : JsonSerializer.Serialize(arguments, JsonSerializerOptions.Default);
        var id = IdOf(callId);
        return new(this, [ScriptStep.Make(r => Parsed(json, id(r), name))]) { HasCalls = true, Calls = Calls + 1 };
    }

    /// <summary>Calls a tool with its arguments written in pieces of about equal length, a chunk each; only the first has the id and the name.</summary>
    /// <param name="json">The arguments as text; may be empty, or no JSON at all.</param>
    /// <param name="index">The call's place among the calls of the response; pieces of one call are told apart by it.</param>
    /// <param name="close">Ends with a chunk that holds the whole call as <see cref="FunctionCallContent"/>.</param>
    public ChatScript CallInPieces(string name, string json, int pieces = 3, string? callId = null, int index = 0, bool close = true)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        var id = IdOf(callId);
        var steps = new List<ScriptStep>();
        for (var i = 0; i < pieces; i++)
        {
            var piece = json[(int)((long)json.Length * i / pieces)..(int)((long)json.Length * (i + 1) / pieces)];
            var first = i == 0;
            steps.Add(ScriptStep.Make(r => new ToolCallArgumentsContent(first ? id(r) : null, first ? name : null, index, piece)));
        }
        if (close) steps.Add(ScriptStep.Make(r => Parsed(json, id(r), name)));
        return new(this, [.. steps]) { HasCalls = true, Calls = Calls + 1 };
    }

    /// <summary>One piece of a call's arguments in a chunk of its own: for interleaved calls and odd orders. Nothing closes the call.</summary>
    public ChatScript Piece(string? callId, string? name, int index, string piece) =>
        new(this, [ScriptStep.Make(_ => new ToolCallArgumentsContent(callId, name, index, piece))]) { HasCalls = true };

    /// <summary>A call whose arguments the provider could not parse: <see cref="FunctionCallContent.Exception"/> is set.</summary>
    /// <exception cref="ArgumentException">The text is good JSON.</exception>
    public ChatScript MalformedCall(string name, string json, string? callId = null)
    {
        if (Parsed(json, "probe", name).Exception is null) throw new ArgumentException($"{json} is an object in good JSON; use Call.", nameof(json));
        var id = IdOf(callId);
        return new(this, [ScriptStep.Make(r => Parsed(json, id(r), name))]) { HasCalls = true, Calls = Calls + 1 };
    }

    /// <summary>Tokens used, in a chunk that holds nothing else.</summary>
    public ChatScript Usage(long input, long output) => Then(ScriptStep.Give(new UsageContent(
        new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output })));

    /// <summary>Any contents, together in one chunk. Shared by all runs.</summary>
    public ChatScript Content(params AIContent[] contents) =>
        new(this, [ScriptStep.Give(contents)]) { HasCalls = HasCalls || contents.Any(IsCall) };

    /// <summary>Updates as they are. One that has a finish reason takes the place of the implied finish. Shared by all runs.</summary>
    public ChatScript Update(params ChatResponseUpdate[] updates) => new(this, [.. updates.Select(ScriptStep.Give)])
    {
        HasFinish = HasFinish || updates.Any(u => u.FinishReason is not null),
        HasCalls = HasCalls || updates.Any(u => u.Contents.Any(IsCall)),
    };

    /// <summary>The finish, here: an empty chunk with the reason. What is written after it is still sent.</summary>
    public ChatScript Finish(ChatFinishReason reason) => new(this, [Ending(reason)]) { HasFinish = true };

    /// <summary>The stream just ends, as when a connection is cut and the client does not notice.</summary>
    public ChatScript WithoutFinish() => new(this, []) { HasFinish = true };

    private static bool IsCall(AIContent content) => content is FunctionCallContent { InformationalOnly: false };

    private Func<RecordedRequest, string> IdOf(string? callId)
    {
        var number = Calls + 1;
        return callId is null ? r => $"call-{r.Index}-{number}" : _ => callId;
    }

    private static FunctionCallContent Parsed(string json, string callId, string name) => FunctionCallContent.CreateFromParsedArguments(
        json, callId, name, static text => text.Length == 0 ? new Dictionary<string, object?>() : JsonSerializer.Deserialize<Dictionary<string, object?>>(text));
}
