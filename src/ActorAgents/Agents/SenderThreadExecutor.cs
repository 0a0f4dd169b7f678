using Akka.Configuration;
using Akka.Dispatch;

namespace ActorAgents;

/// <summary>
/// Runs an idle actor on the thread that sends to it, in place of waking another one for a microsecond of work: a turn that finds its agent idle never leaves its
/// reader's thread. Only for actors that neither block nor call code of users.
/// </summary>
public sealed class SenderThreadExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>Where the configuration of its dispatcher lives.</summary>
    internal const string Dispatcher = "actoragents.dispatcher";

    // A parent and its agent. What goes deeper, and an actor that others keep busy, moves to the thread pool, so that no sender is held for long.
    private const int Nesting = 2;

    public override ExecutorService Produce(string id) => new Service(id);

    private sealed class Service(string id) : ExecutorService(id)
    {
        [ThreadStatic] private static int _running;

        public override void Execute(IRunnable run)
        {
            // Other threads than the pool's, such as the one that runs Akka's timers, have work of their own.
            if (_running == Nesting || !Thread.CurrentThread.IsThreadPoolThread)
            {
                ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: true);
                return;
            }
            _running++;
            try { run.Run(); }
            finally { _running--; }
        }

        public override void Shutdown() { }
    }
}
