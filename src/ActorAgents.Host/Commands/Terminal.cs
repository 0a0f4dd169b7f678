using System.Text;
using Spectre.Console;

namespace ActorAgents.Host.Commands;

/// <summary>The process's standard streams.</summary>
internal sealed class Terminal
{
    // Written byte for byte: no byte order mark, no translation of line ends, whatever the locale.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public bool InputIsRedirected => Console.IsInputRedirected;
    public bool OutputIsRedirected => Console.IsOutputRedirected;
    public TextReader Lines => Console.In;
    public TextWriter Error => Console.Error;
    public IAnsiConsole Rich => AnsiConsole.Console;

    public TextWriter OpenOutput() => new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true };

    /// <summary>Completes when standard input is at its end; what comes before is not looked at.</summary>
    public Task InputEndsAsync() => Task.Factory.StartNew(() =>
    {
        using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (input.Read(ignored) > 0) { }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>All of standard input. Giving up leaves the read behind: it cannot be cancelled.</summary>
    public Task<string> ReadAllAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Utf8);
        return reader.ReadToEnd();
    }, CancellationToken.None).WaitAsync(cancellationToken);
}
