using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Clients;

/// <summary>What a client says in one turn: one step of text, or two with a tool call between them.</summary>
internal sealed class Script
{
    public const string Prompt = "How warm is it in Riga?";
    private const string Tool = "weather", CallId = "call-1";

    private readonly string[][] _pieces;

    public Script(int chunks, bool withTool)
    {
        var all = Enumerable.Range(0, chunks).Select(i => $"{i % 1000:000} ").ToArray();
        _pieces = withTool ? [all[..(chunks / 2)], all[(chunks / 2)..]] : [all];
        Texts = [.. _pieces.Select(pieces => string.Concat(pieces))];
        Text = string.Concat(Texts);
        Weather = withTool ? new WeatherTool() : null;
        Options = withTool ? new ChatOptions { Tools = [Weather!] } : null;
        Prebuilt = [.. _pieces.Select((_, step) => Enumerable.Range(0, Count(step)).Select(i => Make(step, i)).ToArray())];
    }

    /// <summary>The text of the turn, and of each of its steps.</summary>
    public string Text { get; }
    public string[] Texts { get; }

    public AIFunction? Weather { get; }
    public ChatOptions? Options { get; }
    public ChatResponseUpdate[][] Prebuilt { get; }

    /// <summary>How many updates a step has: its text, and the call after the first of two.</summary>
    public int Count(int step) => _pieces[step].Length + (IsLast(step) ? 0 : 1);

    /// <summary>A new update, as a client makes one from what it reads off the wire.</summary>
    public ChatResponseUpdate Make(int step, int index)
    {
        if (index == _pieces[step].Length)
        {
            var call = new FunctionCallContent(CallId, Tool, new Dictionary<string, object?> { ["city"] = "Riga" });
            return new ChatResponseUpdate(ChatRole.Assistant, [call]) { FinishReason = ChatFinishReason.ToolCalls };
        }
        var update = new ChatResponseUpdate(ChatRole.Assistant, _pieces[step][index]);
        if (IsLast(step) && index == _pieces[step].Length - 1) update.FinishReason = ChatFinishReason.Stop;
        return update;
    }

    /// <exception cref="InvalidOperationException">The text that came out is not the one that went in.</exception>
    public static void Check(string expected, string text)
    {
        if (text != expected) throw new InvalidOperationException($"Wrong text: {text.Length} characters came out, {expected.Length} went in.");
    }

    private bool IsLast(int step) => step == _pieces.Length - 1;

    private sealed class WeatherTool : AIFunction
    {
        public override string Name => Tool;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            arguments["city"] is "Riga" ? new("18 °C") : throw new InvalidOperationException("The tool got wrong arguments.");
    }
}
