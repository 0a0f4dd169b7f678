using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;

namespace ActorAgents.Tests;

/// <summary>Journals of this process, for runtimes that follow one another: what one stored the next finds. They can be made slow or fail.</summary>
internal sealed class MemoryJournals : IJournals
{
    private readonly ConcurrentDictionary<string, Book> _books = new();
    private readonly ConcurrentDictionary<int, HashSet<AgentId>> _buckets = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _paused;
    private bool _isDown;

    /// <summary>While it is true, keepers stop when they are to read or write.</summary>
    public bool IsDown { get => Volatile.Read(ref _isDown); set => Volatile.Write(ref _isDown, value); }

    /// <summary>Until it completes no bucket notes that an agent is awake.</summary>
    public Task BucketsOpen { get; set; } = Task.CompletedTask;

    /// <summary>Batches that were stored, of all agents.</summary>
    public int Stored => _books.Values.Sum(book => book.Batches.Count);

    public int Agents => _books.Values.Count(book => book.Batches.Count > 0);

    public IReadOnlyList<JournalEntry> Entries(AgentId id) => [.. Batches(id).SelectMany(batch => batch.Entries)];

    public IReadOnlyList<JournalBatch> Batches(AgentId id)
    {
        var book = BookOf(id);
        lock (book.Batches) return [.. book.Batches];
    }

    /// <summary>What is stored now, as a process finds it that starts after this one was killed.</summary>
    /// <param name="batches">How many batches of each agent, if not all.</param>
    public MemoryJournals Copy(int batches = int.MaxValue)
    {
        var copy = new MemoryJournals();
        foreach (var (id, book) in _books)
        {
            lock (book.Batches) copy.BookOf(id).Batches.AddRange(book.Batches.Take(batches));
        }
        foreach (var (number, awake) in _buckets) copy._buckets[number] = [.. awake];
        return copy;
    }

    /// <summary>As if it had been stored last.</summary>
    public void Add(AgentId id, JournalBatch batch) => BookOf(id).Batches.Add(batch);

    /// <summary>Writes wait until the result is disposed.</summary>
    public IDisposable Pause()
    {
        lock (_lock) _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Resuming(this);
    }

    public Action<AkkaConfigurationBuilder, IServiceProvider> Configure => (akka, _) => akka.AddSetup(new JournalsSetup(this));

    public Props Agent(AgentId id, TimeSpan keepLogsFor) => Props.Create(() => new Keeper(this, BookOf(id)));

    public Props Bucket(int number) => Props.Create(() => new BucketKeeper(this, _buckets.GetOrAdd(number, _ => new())));

    private Book BookOf(AgentId id) => BookOf(id.ToString());

    private Book BookOf(string id) => _books.GetOrAdd(id, _ => new());

    private Task WhenOpenAsync()
    {
        lock (_lock) return _paused?.Task ?? Task.CompletedTask;
    }

    private sealed class Resuming(MemoryJournals journals) : IDisposable
    {
        public void Dispose()
        {
            TaskCompletionSource? paused;
            lock (journals._lock) (paused, journals._paused) = (journals._paused, null);
            paused?.TrySetResult();
        }
    }

    private sealed class Book
    {
        public List<JournalBatch> Batches { get; } = [];

        /// <summary>The numbers that were given before all was forgotten, and that of the forgetting: none is given twice.</summary>
        public int Forgotten { get; private set; }

        public int Last => Forgotten + Batches.Count;

        public void Forget()
        {
            Forgotten = Last + 1;
            Batches.Clear();
        }
    }

    private sealed class Keeper : ReceiveActor
    {
        public Keeper(MemoryJournals journals, Book book)
        {
            ReceiveAsync<JournalProtocol.Write>(async write =>
            {
                await journals.WhenOpenAsync();
                if (journals.IsDown) { Context.Stop(Self); return; }
                lock (book.Batches)
                {
                    if (write.Number != book.Last + 1) { Context.Stop(Self); return; } // Another has written it.
                    book.Batches.Add(write.Batch);
                }
                Context.Parent.Tell(new JournalProtocol.Written(write.Number));
            });
            Receive<JournalProtocol.Erase>(_ =>
            {
                if (journals.IsDown) { Context.Stop(Self); return; }
                lock (book.Batches) book.Forget();
                Context.Parent.Tell(new JournalProtocol.Erased());
                Context.Stop(Self);
            });
            if (journals.IsDown) { Context.Stop(Self); return; }
            lock (book.Batches)
            {
                Context.Parent.Tell(new JournalProtocol.Recovered(
                    book.Batches.Aggregate(AgentState.Empty, static (state, batch) => state.Apply(batch)), book.Last, book.Batches.LastOrDefault()?.Writer ?? default));
            }
        }
    }

    private sealed class BucketKeeper : ReceiveActor
    {
        public BucketKeeper(MemoryJournals journals, HashSet<AgentId> awake)
        {
            ReceiveAsync<JournalProtocol.Wake>(async wake =>
            {
                await journals.WhenOpenAsync();
                await journals.BucketsOpen;
                if (journals.IsDown) { Context.Stop(Self); return; }
                awake.UnionWith(wake.Agents);
                Context.Parent.Tell(new JournalProtocol.Awake(wake.Agents));
            });
            Receive<JournalProtocol.Rest>(rest => awake.ExceptWith(rest.Agents));
            if (journals.IsDown) { Context.Stop(Self); return; }
            Context.Parent.Tell(new JournalProtocol.RecoveredAwake([.. awake]));
        }
    }
}
