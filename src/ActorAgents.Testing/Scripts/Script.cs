using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>
/// Where a <see cref="ChatScript"/> begins: <c>Script.Text("Let me see. ").Call("add", new { a = 1, b = 2 })</c>. Each member is the one of the same name
/// on an empty script.
/// </summary>
public static class Script
{
    /// <summary>Says nothing; only the finish follows.</summary>
    public static ChatScript Empty { get; } = new();

    /// <inheritdoc cref="ChatScript.Text"/>
    public static ChatScript Text(params IEnumerable<string> pieces) => Empty.Text(pieces);

    /// <inheritdoc cref="ChatScript.Reason"/>
    public static ChatScript Reason(params IEnumerable<string> pieces) => Empty.Reason(pieces);

    /// <inheritdoc cref="ChatScript.Call"/>
    public static ChatScript Call(string name, object? arguments = null, string? callId = null) => Empty.Call(name, arguments, callId);

    /// <inheritdoc cref="ChatScript.CallInPieces"/>
    public static ChatScript CallInPieces(string name, string json, int pieces = 3, string? callId = null, int index = 0, bool close = true) =>
        Empty.CallInPieces(name, json, pieces, callId, index, close);

    /// <inheritdoc cref="ChatScript.Piece"/>
    public static ChatScript Piece(string? callId, string? name, int index, string piece) => Empty.Piece(callId, name, index, piece);

    /// <inheritdoc cref="ChatScript.MalformedCall"/>
    public static ChatScript MalformedCall(string name, string json, string? callId = null) => Empty.MalformedCall(name, json, callId);

    /// <inheritdoc cref="ChatScript.Content"/>
    public static ChatScript Content(params AIContent[] contents) => Empty.Content(contents);

    /// <inheritdoc cref="ChatScript.Update"/>
    public static ChatScript Update(params ChatResponseUpdate[] updates) => Empty.Update(updates);

    /// <inheritdoc cref="ChatScript.Stall()"/>
    public static ChatScript Stall() => Empty.Stall();

    /// <inheritdoc cref="ChatScript.Stall(Gate)"/>
    public static ChatScript Stall(Gate gate) => Empty.Stall(gate);

    /// <inheritdoc cref="ChatScript.Stall(out Gate)"/>
    public static ChatScript Stall(out Gate gate) => Empty.Stall(out gate);

    /// <inheritdoc cref="ChatScript.BlockSynchronously(out Gate)"/>
    public static ChatScript BlockSynchronously(out Gate gate) => Empty.BlockSynchronously(out gate);

    /// <inheritdoc cref="ChatScript.Delay"/>
    public static ChatScript Delay(TimeSpan delay) => Empty.Delay(delay);

    /// <inheritdoc cref="ChatScript.Throw(Exception)"/>
    public static ChatScript Throw(Exception exception) => Empty.Throw(exception);

    /// <inheritdoc cref="ChatScript.Fails"/>
    public static ChatScript Fails(int statusCode, string? message = null) => Empty.Fails(statusCode, message);

    /// <inheritdoc cref="ChatScript.RateLimited"/>
    public static ChatScript RateLimited(TimeSpan? retryAfter = null) => Empty.RateLimited(retryAfter);
}
