using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Calls a function and turns whatever comes back into a result the model can read.</summary>
internal static class ToolInvoker
{
    /// <summary>Without line breaks and indents, which a model would be charged for.</summary>
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static async Task<ToolResult> InvokeAsync(ToolRun run, ToolRound round, CancellationToken token)
    {
        object? value;
        try
        {
            var arguments = new AIFunctionArguments(run.Call.Arguments) { Services = round.Services };
            (arguments.Context ??= new Dictionary<object, object?>())[typeof(ToolContext)] = round.ContextFor(run);
            value = await run.Function!.InvokeAsync(arguments, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return ToolResult.Error("cancelled.", ToolOutcome.Cancelled);
        }
        catch (ToolFailedException failed)
        {
            return ToolResult.Error(failed.Message) with { Failure = failed };
        }
        catch (Exception exception)
        {
            var details = round.ShowDetails ? $" Exception: {exception.Message}" : "";
            return ToolResult.Error("Function failed." + details) with { Threw = true, Failure = exception };
        }
        return Read(value, run.CallId, round.MaxResultChars);
    }

    private static ToolResult Read(object? value, string callId, int maxChars)
    {
        string text;
        FunctionResultContent? content = null;
        try
        {
            if (value is FunctionResultContent own && own.CallId == callId) (content, value) = (own, own.Result);
            else if (value is AIContent or IEnumerable<AIContent>) content = new FunctionResultContent(callId, value);
            text = value switch
            {
                null => "Success: Function completed.",
                string s => s,
                JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
                JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "Success: Function completed.",
                JsonElement json => JsonSerializer.Serialize(json, Compact),
                TextContent c => c.Text,
                _ => JsonSerializer.Serialize(value, Compact.GetTypeInfo(value.GetType())),
            };
        }
        catch (Exception exception)
        {
            return ToolResult.Error($"the result of type {value?.GetType().Name} cannot be written as JSON.") with { Failure = exception };
        }
        return text.Length > maxChars
            ? ToolResult.Error($"the result has {text.Length} characters; at most {maxChars} are allowed. Ask for less.")
            : new ToolResult(ToolOutcome.Succeeded, text, content);
    }
}
