using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// What A2A itself refuses, named by the protocol's reasons. Clients read these from the envelope and some of them only where the status is 200, which
/// therefore stands for a request that is well formed.
/// </summary>
internal static class A2AErrors
{
    public const string Domain = "a2a-protocol.org";

    /// <summary>The code of one of these errors; null for any other.</summary>
    public static int? CodeOf(HttpError error) => error.Code switch
    {
        "TASK_NOT_FOUND" => -32001,
        "TASK_NOT_CANCELABLE" => -32002,
        "PUSH_NOTIFICATION_NOT_SUPPORTED" => -32003,
        "UNSUPPORTED_OPERATION" => -32004,
        "CONTENT_TYPE_NOT_SUPPORTED" => -32005,
        "VERSION_NOT_SUPPORTED" => -32009,
        "METHOD_NOT_FOUND" => -32601,
        _ => null,
    };

    public static HttpErrorException TaskNotFound(string id) => Of("TASK_NOT_FOUND", $"There is no task '{(id.Length <= 100 ? id : id[..100] + "…")}': it never was, or is no longer kept.");

    public static HttpErrorException NotCancelable(A2ATask task) => Of("TASK_NOT_CANCELABLE", $"The task is over ({task.State}).");

    public static HttpErrorException NoPush() => Of("PUSH_NOTIFICATION_NOT_SUPPORTED", "Push notifications are not sent here: follow the task with SubscribeToTask, or ask for it with GetTask.");

    public static HttpErrorException Unsupported(string message) => Of("UNSUPPORTED_OPERATION", message);

    public static HttpErrorException OnlyText() => Of("CONTENT_TYPE_NOT_SUPPORTED", "Answers here are text/plain, which 'acceptedOutputModes' leaves out.");

    public static HttpErrorException Version(string? asked) => Of("VERSION_NOT_SUPPORTED",
        $"{(string.IsNullOrEmpty(asked) ? "Without the header 'A2A-Version' the version is 0.3" : $"Version '{asked}' was asked for")}, and only 1.0 is served here.");

    public static HttpErrorException UnknownMethod(string method) => Of("METHOD_NOT_FOUND", $"There is no method '{(method.Length <= 100 ? method : method[..100] + "…")}' in A2A 1.0.");

    private static HttpErrorException Of(string reason, string message) => new(new HttpError(StatusCodes.Status200OK, reason, message));
}
