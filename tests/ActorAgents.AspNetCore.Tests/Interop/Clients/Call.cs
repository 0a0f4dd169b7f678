namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>What a client is to do; see the scripts of <c>tests/interop/clients</c>.</summary>
/// <param name="Task"><c>ask</c>; <c>parameters</c>: ask with every parameter set, instructions and an image; <c>tools</c>: ask and run the client's tool where it is called; <c>models</c>: list them.</param>
/// <param name="Retries">How often the client may repeat the request by itself.</param>
/// <param name="Agent">The key of the agent that keeps the conversation, for the header <c>X-Agent-Key</c> or as the conversation of a response.</param>
internal sealed record Call(
    string Task = "ask", bool Stream = true, string Model = "assistant", string Prompt = "hello", string? Effort = null, string? Agent = null, string Key = "none", int Retries = 0);

/// <summary>One thing that a client shows of an answer.</summary>
internal sealed record Said
{
    public string? Text { get; init; }
    public string? Reasoning { get; init; }

    /// <summary>Why the answer ended, in the client's words.</summary>
    public string? Reason { get; init; }
    public Count? Usage { get; init; }

    /// <summary>The client's own tool was called.</summary>
    public ToolCall? Call { get; init; }
    public string? Model { get; init; }
    public Problem? Error { get; init; }
}

internal sealed record Count(long Input, long Output, long Total);

internal sealed record ToolCall(string Name, IReadOnlyDictionary<string, string> Arguments);

/// <param name="Name">The class of the client's exception.</param>
internal sealed record Problem(string Name, string Message, int? Status, string? Code, string? Param, string? RetryAfter);
