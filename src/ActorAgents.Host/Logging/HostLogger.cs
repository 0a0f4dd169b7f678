using ActorAgents.Host.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;

namespace ActorAgents.Host.Logging;

/// <summary>Makes the logger that <c>serilog.json</c> describes.</summary>
internal static class HostLogger
{
    /// <param name="error">Is told, once, when the log cannot be written later on: a chat is worth more than its log.</param>
    /// <exception cref="HostConfigurationException">Serilog could not use its settings.</exception>
    public static Logger Create(IConfiguration configuration, string path, TextWriter error)
    {
        var mistakes = new List<Mistake>();
        LogFolder.Use();
        // Serilog reports what it does not know only here.
        SelfLog.Enable(message => mistakes.Add(new(path, message)));
        try
        {
            var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();
            if (mistakes.Count == 0)
            {
                SelfLog.Enable(Once(message => error.WriteLine($"The log cannot be written; the settings are in {path}. {message}")));
                return logger;
            }
            logger.Dispose();
        }
        catch (Exception e)
        {
            mistakes.Add(new(path, e.Message));
        }
        SelfLog.Disable();
        throw new HostConfigurationException(mistakes);
    }

    private static Action<string> Once(Action<string> tell)
    {
        var told = 0;
        return message =>
        {
            // Only the first line: the rest is a stack trace.
            if (Interlocked.Exchange(ref told, 1) == 0) tell(message.Split('\n')[0].TrimEnd());
        };
    }
}
