using System.Diagnostics;
using System.Text;
using ActorAgents.Benchmarks.Clients;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Peers;

/// <summary>A loop of one's own over the client. Like an agent it keeps the conversation, of ten turns at most, and sends none of it.</summary>
internal abstract class ClientPeer(string name) : Peer(name)
{
    protected static void Keep(List<ChatMessage> turn, List<ChatMessage> conversation, int number)
    {
        if (number % KeptTurns == 0) conversation.Clear();
        conversation.AddRange(turn);
    }

    protected void Add(ChatResponseUpdate update, StringBuilder text, long asked)
    {
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is not TextContent piece) continue;
            if (text.Length == 0) First(asked);
            text.Append(piece.Text);
        }
    }
}

/// <summary>The least one can do: a loop over the client that keeps the text, runs the tool and keeps the messages.</summary>
internal sealed class RawPeer(Script script, IChatClient client) : ClientPeer("raw loop")
{
    public override async Task RunAsync(int worker, int turns)
    {
        var conversation = new List<ChatMessage>();
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var messages = new List<ChatMessage> { new(ChatRole.User, Script.Prompt) };
            for (var step = 0; ; step++)
            {
                FunctionCallContent? call = null;
                var text = new StringBuilder();
                await foreach (var update in client.GetStreamingResponseAsync(messages, script.Options))
                {
                    for (var i = 0; i < update.Contents.Count; i++)
                    {
                        if (update.Contents[i] is TextContent piece)
                        {
                            if (text.Length == 0 && step == 0) First(asked);
                            text.Append(piece.Text);
                        }
                        else if (update.Contents[i] is FunctionCallContent asksFor) call = asksFor;
                    }
                }
                var said = text.ToString();
                Script.Check(script.Texts[step], said);
                messages.Add(new ChatMessage(ChatRole.Assistant, call is null ? [new TextContent(said)] : [new TextContent(said), call]));
                if (call is null) break;
                var result = await script.Weather!.InvokeAsync(new AIFunctionArguments(call.Arguments));
                messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
            Keep(messages, conversation, turn);
        }
    }
}

/// <summary>The stock way to run tools: <see cref="FunctionInvokingChatClient"/>, with a loop around it that keeps the text and the messages.</summary>
internal sealed class FunctionInvokingPeer(Script script, IChatClient client) : ClientPeer("FunctionInvokingChatClient")
{
    private readonly FunctionInvokingChatClient _client = new(client);

    public override async Task RunAsync(int worker, int turns)
    {
        var conversation = new List<ChatMessage>();
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var messages = new List<ChatMessage> { new(ChatRole.User, Script.Prompt) };
            var text = new StringBuilder();
            await foreach (var update in _client.GetStreamingResponseAsync(messages, script.Options)) Add(update, text, asked);
            var said = text.ToString();
            Script.Check(script.Text, said);
            messages.Add(new ChatMessage(ChatRole.Assistant, said));
            Keep(messages, conversation, turn);
        }
    }
}

/// <summary>A stream of Akka.Streams' own stages around the client, of an answer without tools: what it costs to have a stream at all.</summary>
internal sealed class StockStreamPeer(Script script, IChatClient client, IMaterializer materializer) : ClientPeer("Akka.Streams alone, stock ForEach")
{
    public override async Task RunAsync(int worker, int turns)
    {
        var conversation = new List<ChatMessage>();
        for (var turn = 0; turn < turns; turn++)
        {
            var asked = Stopwatch.GetTimestamp();
            var messages = new List<ChatMessage> { new(ChatRole.User, Script.Prompt) };
            var text = new StringBuilder();
            await Source.From(() => client.GetStreamingResponseAsync(messages, script.Options)).RunForeach(update => Add(update, text, asked), materializer);
            var said = text.ToString();
            Script.Check(script.Text, said);
            messages.Add(new ChatMessage(ChatRole.Assistant, said));
            Keep(messages, conversation, turn);
        }
    }
}
