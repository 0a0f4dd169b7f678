using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace ActorAgents;

/// <summary>One turn as a source. The turn begins with the first demand.</summary>
internal sealed class TurnSource : GraphStageWithMaterializedValue<SourceShape<TurnEvent>, ITurnControl>
{
    private readonly Outlet<TurnEvent> _out = new("turn.out");
    private readonly Agent _agent;
    private readonly AgentInput _input;
    private readonly TurnOptions? _options;

    private TurnSource(Agent agent, AgentInput input, TurnOptions? options)
    {
        (_agent, _input, _options) = (agent, input, options);
        Shape = new(_out);
    }

    public override SourceShape<TurnEvent> Shape { get; }

    public static Source<TurnEvent, ITurnControl> Create(Agent agent, AgentInput input, TurnOptions? options)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Source.FromGraph(new TurnSource(agent, input, options));
    }

    public override ILogicAndMaterializedValue<ITurnControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<ITurnControl>(logic, logic);
    }

    private sealed class Logic : TurnLogic
    {
        private readonly TurnSource _stage;

        public Logic(TurnSource stage) : base(stage.Shape)
        {
            _stage = stage;
            Turn = stage._agent.NewTurn(stage._input, stage._options);
            SetHandler(stage._out, this);
        }

        public override void OnPull() => PullTurn();

        protected override void Emit(TurnEvent next) => Push(_stage._out, next);

        protected override void TurnOver()
        {
            Finish(Last!);
            Complete(_stage._out);
        }
    }
}
