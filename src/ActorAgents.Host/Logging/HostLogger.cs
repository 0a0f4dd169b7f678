using ActorAgents.Host.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;

namespace ActorAgents.Host.Logging;

/// <summary>Makes the logger that <c>serilog.json</c> describes.</summary>
internal static class HostLogger
{
    /// <exception cref="HostConfigurationException">Serilog could not use its settings.</exception>
    public static Logger Create(IConfiguration configuration, string path)
    {
        var mistakes = new List<Mistake>();
        LogFolder.Use();
        // Serilog reports what it does not know only here.
        SelfLog.Enable(message => mistakes.Add(new(path, message)));
        try
        {
            var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();
            if (mistakes.Count == 0) return logger;
            logger.Dispose();
        }
        catch (Exception e)
        {
            mistakes.Add(new(path, e.Message));
        }
        finally
        {
            SelfLog.Disable();
        }
        throw new HostConfigurationException(mistakes);
    }
}
