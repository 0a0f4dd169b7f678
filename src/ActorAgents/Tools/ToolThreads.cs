using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace ActorAgents;

/// <summary>
/// The threads of the dispatcher for tools. As long as one is free, a tool that is ready starts at once, however many of the others are blocked: Akka's
/// fork-join pool wakes about as many threads as there are cores and leaves the rest of a burst until one of those returns.
/// </summary>
internal sealed class ToolThreads : ExecutorServiceConfigurator
{
    private readonly int _count;

    /// <exception cref="ConfigurationException"><c>thread-count</c> is less than 1.</exception>
    public ToolThreads(Config config, IDispatcherPrerequisites prerequisites) : base(config, prerequisites)
    {
        _count = config.GetInt("thread-count");
        if (_count < 1) throw new ConfigurationException($"actoragents.tool-dispatcher.thread-count is {_count}; tools need at least 1 thread.");
    }

    public override ExecutorService Produce(string id) => new Pool(id, _count);

    private sealed class Pool : ExecutorService
    {
        private readonly BlockingCollection<IRunnable> _ready = [];

        public Pool(string id, int count) : base(id)
        {
            for (var number = 1; number <= count; number++) new Thread(Work) { Name = $"{id}_{number}", IsBackground = true }.Start();
        }

        public override void Execute(IRunnable run)
        {
            try { _ready.Add(run); }
            catch (InvalidOperationException closed) { throw new RejectedExecutionException($"{Id} has been shut down.", closed); }
        }

        public override void Shutdown() => _ready.CompleteAdding();

        private void Work()
        {
            foreach (var run in _ready.GetConsumingEnumerable()) run.Run();
        }
    }
}
