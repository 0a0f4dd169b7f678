using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>A piece of a response and the characters it stands for.</summary>
/// <param name="Needs">Characters that must still fit for it to be of use: the whole call, for a call's first piece.</param>
internal readonly record struct Piece(AIContent Content, int Chars, int Needs = 0);

/// <summary>Cuts a plan into the pieces in which it is streamed: word by word, and calls as growing arguments that a finished call closes.</summary>
internal static class PlanRendering
{
    private const int CallPieceChars = 12;

    // The pieces are shown to people, so a plus sign stays one.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<Piece> Pieces(Plan plan)
    {
        var index = 0;
        foreach (var part in plan.Parts)
        {
            switch (part)
            {
                case Thought thought:
                    foreach (var word in Words.In(thought.Text)) yield return new(new TextReasoningContent(word), word.Length);
                    break;
                case Saying saying:
                    foreach (var word in Words.In(saying.Text)) yield return new(new TextContent(word), word.Length);
                    break;
                case Call call:
                    foreach (var piece in Written(call, index++)) yield return piece;
                    break;
            }
        }
    }

    private static IEnumerable<Piece> Written(Call call, int index)
    {
        var arguments = JsonSerializer.Serialize(call.Arguments, Readable);
        yield return new(new ToolCallArgumentsContent(call.Id, call.Tool, index, ""), call.Tool.Length, call.Tool.Length + arguments.Length);
        foreach (var piece in arguments.Chunk(CallPieceChars))
            yield return new(new ToolCallArgumentsContent(null, null, index, new string(piece)), piece.Length);
        yield return new(new FunctionCallContent(call.Id, call.Tool, new Dictionary<string, object?>(call.Arguments)), 0);
    }
}
