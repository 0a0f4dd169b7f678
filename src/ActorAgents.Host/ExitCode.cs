namespace ActorAgents.Host;

/// <summary>What the process returns. The last two are what shells use for a process ended by that signal.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
