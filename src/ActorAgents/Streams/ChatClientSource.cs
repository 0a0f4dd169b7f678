using System.Diagnostics;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Bare provider calls as stream sources.</summary>
public static class ChatClientStreamExtensions
{
    /// <summary>
    /// A provider call as a source: each materialization is a call of its own, made with the first demand; each demand pulls one update. The
    /// materialized kill switch, and cancelling downstream, release the provider at once, also while it is silent. No tools are run and nothing is kept.
    /// </summary>
    /// <exception cref="Exception">The stream fails with the provider's own exception.</exception>
    public static Source<ChatResponseUpdate, IKillSwitch> ToSource(this IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(messages);
        return Source.FromGraph(new ChatClientSource(Provider.Bare(client), [.. messages.Select(ChatMessageCopy.Of)], options?.Clone()));
    }

    /// <inheritdoc cref="ToSource(IChatClient, IEnumerable{ChatMessage}, ChatOptions?)"/>
    public static Source<ChatResponseUpdate, IKillSwitch> ToSource(this IChatClient client, string prompt, ChatOptions? options = null) =>
        client.ToSource([new ChatMessage(ChatRole.User, prompt)], options);
}

internal sealed class ChatClientSource : GraphStageWithMaterializedValue<SourceShape<ChatResponseUpdate>, IKillSwitch>
{
    private readonly Outlet<ChatResponseUpdate> _out = new("chat.out");
    private readonly Provider _provider;
    private readonly ChatMessage[] _messages;
    private readonly ChatOptions? _options;

    public ChatClientSource(Provider provider, ChatMessage[] messages, ChatOptions? options)
    {
        (_provider, _messages, _options) = (provider, messages, options);
        Shape = new(_out);
    }

    public override SourceShape<ChatResponseUpdate> Shape { get; }

    public override ILogicAndMaterializedValue<IKillSwitch> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<IKillSwitch>(logic, logic);
    }

    private sealed class Logic : OutGraphStageLogic, IKillSwitch, IProviderReader
    {
        private readonly ChatClientSource _stage;
        private readonly ProviderCall _call;
        private Action? _resume;
        private Action? _kill;
        private object? _killed; // By this exception, or by itself when it is to complete.
        private bool _over;

        public Logic(ChatClientSource stage) : base(stage.Shape)
        {
            _stage = stage;
            _call = new ProviderCall(stage._provider, CallCounter.Unwatched, this);
            SetHandler(stage._out, this);
        }

        public void Shutdown() => Kill(null);

        public void Abort(Exception cause) => Kill(cause ?? throw new ArgumentNullException(nameof(cause)));

        public override void PreStart()
        {
            _resume = GetAsyncCallback(PullProvider);
            Volatile.Write(ref _kill, GetAsyncCallback(End));
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _killed) is not null) End();
        }

        public override void OnPull() => PullProvider();

        public override void PostStop() => _call.Close(_over);

        bool IProviderReader.TryTake() => false; // Only the stage's actor reads.
        void IProviderReader.Serve() => throw new UnreachableException();
        void IProviderReader.ProviderReady() => _resume!();

        private void PullProvider()
        {
            if (!IsAvailable(_stage._out)) return;
            switch (_call.Pull(_stage._messages, _stage._options))
            {
                case Pulled.Update: Push(_stage._out, _call.Current); break;
                case Pulled.End: _over = true; CompleteStage(); break;
                case Pulled.Failed: _over = true; FailStage(_call.Failure!); break;
            }
        }

        private void Kill(Exception? cause)
        {
            if (Interlocked.CompareExchange(ref _killed, cause ?? (object)this, null) is null) Volatile.Read(ref _kill)?.Invoke();
        }

        private void End()
        {
            if (_killed is Exception cause) FailStage(cause);
            else CompleteStage();
        }
    }
}
