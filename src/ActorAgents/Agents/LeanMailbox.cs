using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace ActorAgents;

/// <summary>
/// An unbounded mailbox that costs about 90 bytes while empty, where the default one's empty queue costs a kilobyte. With a million idle agents that is
/// the difference. A linked list with many producers and one consumer (Vyukov's design). Agents bound their waiting inputs themselves.
/// </summary>
public sealed class LeanMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<LeanMailbox.Queue>
{
    /// <summary>Where its configuration lives.</summary>
    internal const string Id = "actoragents.mailbox";

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue();

    /// <summary>The queue of one actor.</summary>
    public sealed class Queue : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private Node _head; // the last enqueued
        private Node _tail; // the last dequeued

        public Queue() => _head = _tail = new Node();

        public bool HasMessages => Volatile.Read(ref _tail.Next) is not null || !ReferenceEquals(Volatile.Read(ref _head), _tail);

        /// <summary>Counts by walking: for diagnostics only.</summary>
        public int Count
        {
            get
            {
                var count = 0;
                for (var node = Volatile.Read(ref _tail.Next); node is not null; node = Volatile.Read(ref node.Next)) count++;
                return count;
            }
        }

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            var node = new Node { Envelope = envelope };
            Volatile.Write(ref Interlocked.Exchange(ref _head, node).Next, node);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            var next = Volatile.Read(ref _tail.Next);
            if (next is null)
            {
                if (ReferenceEquals(Volatile.Read(ref _head), _tail)) { envelope = default; return false; }
                // A producer has announced its node and links it in this instant.
                var spin = new SpinWait();
                while ((next = Volatile.Read(ref _tail.Next)) is null) spin.SpinOnce();
            }
            envelope = next.Envelope;
            next.Envelope = default;
            // Unlinked: the collector would otherwise keep, for one old node, all that were ever linked behind it.
            (var last, _tail) = (_tail, next);
            Volatile.Write(ref last.Next, null);
            return true;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
        }

        private sealed class Node
        {
            public Envelope Envelope;
            public Node? Next;
        }
    }
}
