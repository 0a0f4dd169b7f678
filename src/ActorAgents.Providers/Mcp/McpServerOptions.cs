using System.Text.RegularExpressions;

namespace ActorAgents.Providers;

/// <summary>
/// An MCP server and which of its tools are offered. It is either a program that is started and spoken to over its standard input and output
/// (<see cref="Command"/>), or it is reached by streamable HTTP (<see cref="Url"/>).
/// </summary>
public sealed partial record McpServerOptions
{
    /// <summary>Up to 32 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The program, searched for in PATH. On Windows with its ending: <c>npx.cmd</c>.</summary>
    public string? Command { get; init; }

    /// <summary>Each is passed as it is; no shell reads them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// Variables of the program beside the few that every program needs (PATH, HOME and the like, the list of the MCP SDKs). It does not see the others of
    /// this process, which may hold keys.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>This process's own unless given.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Redirections are not followed, since <see cref="Headers"/> would follow them.</summary>
    public Uri? Url { get; init; }

    /// <summary>Sent with every request. Never logged.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Which tools are offered, by the server's own names; <c>*</c> stands for any characters, <c>?</c> for one. All unless given.</summary>
    public IReadOnlyList<string> Tools { get; init; } = ["*"];

    /// <summary>
    /// What stands before a tool's name, with a <c>_</c> between, so that two servers can have tools of the same name: <c>files_read_file</c>.
    /// <see cref="Name"/> unless given; empty for none.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>How long the server may take from its start to its list of tools.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may take. Without end unless given; <see cref="AgentLimits.ToolTimeout"/> holds in any case.</summary>
    public TimeSpan CallTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <exception cref="ArgumentException">A value is wrong; the message names it.</exception>
    internal void Check()
    {
        if (!NameForm().IsMatch(Name)) throw Wrong("Name", "must be 1 to 32 letters, digits, '_' or '-'");
        if (Prefix is { Length: > 0 } prefix && !NameForm().IsMatch(prefix)) throw Wrong("Prefix", "must be empty or up to 32 letters, digits, '_' or '-'");
        if (string.IsNullOrWhiteSpace(Command) == Url is null) throw Wrong("Command and Url", "exclude each other, and one of them must be given");
        if (Url is not null && !(Url.IsAbsoluteUri && Url.Scheme is "http" or "https")) throw Wrong("Url", "must be an absolute http or https address");
        if (!IsBound(StartTimeout)) throw Wrong("StartTimeout", "must be above 0 and at most 24 hours");
        if (CallTimeout != Timeout.InfiniteTimeSpan && !IsBound(CallTimeout)) throw Wrong("CallTimeout", "must be above 0 and at most 24 hours, or infinite");
    }

    /// <summary>Whether a server, or a prefix, may be called so.</summary>
    public static bool IsName(string name) => NameForm().IsMatch(name);

    private static bool IsBound(TimeSpan time) => time > TimeSpan.Zero && time <= TimeSpan.FromDays(1);

    private ArgumentException Wrong(string what, string rule) => new($"The MCP server '{Name}': {what} {rule}.");

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,32}\z")]
    private static partial Regex NameForm();
}
