namespace ActorAgents.Host.Chat;

/// <summary>What can be typed in place of a prompt.</summary>
internal static class ChatCommands
{
    public const string Help = "/help", Clear = "/clear", History = "/history", Quit = "/quit";

    public static IReadOnlyList<string> All { get; } = [Help, Clear, History, Quit];

    /// <summary>A line that begins with a slash and a word; one that begins with a path is a prompt.</summary>
    public static bool IsCommand(string line) => line.Trim() is ['/', .. var word] && !word.Split(' ')[0].Contains('/');

    public static IReadOnlyList<string> Lines { get; } =
    [
        "/help      this list",
        "/clear     forget the conversation",
        "/history   show the conversation as the agent remembers it",
        "/quit      leave (also Ctrl+D)",
        "Ctrl+C     interrupt the running turn and keep what it wrote; a second time, or while nothing runs: leave",
    ];
}
