using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace ActorAgents;

/// <summary>A turn per input, one after the other. The next input is asked for when the turn before has given its terminal event.</summary>
internal sealed class TurnFlow : GraphStageWithMaterializedValue<FlowShape<AgentInput, TurnEvent>, ITurnControl>
{
    private readonly Inlet<AgentInput> _in = new("turns.in");
    private readonly Outlet<TurnEvent> _out = new("turns.out");
    private readonly Agent _agent;
    private readonly TurnOptions? _options;

    private TurnFlow(Agent agent, TurnOptions? options)
    {
        if (options?.TurnId is not null) throw new ArgumentException("A flow runs a turn per input: leave the turn id out.", nameof(options));
        (_agent, _options) = (agent, options);
        Shape = new(_in, _out);
    }

    public override FlowShape<AgentInput, TurnEvent> Shape { get; }

    public static Flow<AgentInput, TurnEvent, ITurnControl> Create(Agent agent, TurnOptions? options) => Flow.FromGraph(new TurnFlow(agent, options));

    public override ILogicAndMaterializedValue<ITurnControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<ITurnControl>(logic, logic);
    }

    private sealed class Logic : TurnLogic, IInHandler
    {
        private readonly TurnFlow _stage;
        private Action? _endInputs;
        private volatile bool _shutdown;

        public Logic(TurnFlow stage) : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._in, this);
            SetHandler(stage._out, this);
        }

        /// <summary>Looked at before an input is taken too: a turn's end can be here before the callback that ends the inputs.</summary>
        private bool TakesNoInput => _shutdown || Cause is not null;

        /// <summary>Interrupts the turn that runs and takes no further input.</summary>
        public override void Shutdown()
        {
            _shutdown = true;
            Interlocked.MemoryBarrier(); // Either PreStart sees this, or this sees what PreStart wrote.
            try { base.Shutdown(); }
            finally { Volatile.Read(ref _endInputs)?.Invoke(); }
        }

        public override void PreStart()
        {
            base.PreStart();
            Volatile.Write(ref _endInputs, GetAsyncCallback(EndInputs));
            Interlocked.MemoryBarrier();
            if (_shutdown) EndInputs();
        }

        public override void OnPull()
        {
            if (Turn is not null) PullTurn();
            else if (TakesNoInput || IsClosed(_stage._in)) End();
            else if (!HasBeenPulled(_stage._in)) Pull(_stage._in);
        }

        public void OnPush()
        {
            if (TakesNoInput)
            {
                End();
                return;
            }
            Turn = _stage._agent.NewTurn(Grab(_stage._in), _stage._options);
            PullTurn();
        }

        public void OnUpstreamFinish()
        {
            if (Turn is null) End();
        }

        public void OnUpstreamFailure(Exception cause) => FailStage(cause);

        protected override void Emit(TurnEvent next) => Push(_stage._out, next);

        protected override void TurnOver()
        {
            Turn = null;
            if (IsClosed(_stage._in)) End();
        }

        private void EndInputs()
        {
            if (!IsClosed(_stage._in)) Cancel(_stage._in);
            if (Turn is null) End();
            else base.Shutdown(); // It began when the first look for a running turn found none.
        }

        private void End()
        {
            if (Cause is { } cause)
            {
                FailStage(cause);
                return;
            }
            if (Last is not null) Finish(Last);
            CompleteStage();
        }
    }
}
