using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorAgents.RaceTests;

// Those who read it.
internal sealed partial class RaceTurn
{
    private async Task PullAsync(Oracle oracle)
    {
        var turn = (Turn)Agent.NewTurn(Input, Options);
        turn.Loop.Caller = new(_caller.Token, default);
        _stopByHandle = () => turn.Stop(InterruptReason.User);
        var events = 0;
        await using (turn.ConfigureAwait(false))
        {
            while (await turn.MoveNextAsync().ConfigureAwait(false))
            {
                oracle.See(turn.Current);
                if (!await ReactAsync(turn.Current, events++).ConfigureAwait(false) && oracle.Terminal is null) return;
            }
            oracle.Over();
            if (await turn.MoveNextAsync().ConfigureAwait(false)) world.Books.Violate($"{Name}: {turn.Current} after the end.");
        }
    }

    private async Task LogAsync(Oracle oracle)
    {
        TurnHandle handle;
        try { handle = await Agent.StartAsync(Input, Options, _caller.Token).ConfigureAwait(false); }
        catch (TurnException refused) when (refused is AgentBusyException or AgentHaltedException) { return; }
        catch (OperationCanceledException) when (plan.Has(StopBy.Token)) { handle = Agent.Turn(Id); } // It runs all the same.
        _stopByHandle = () =>
        {
            Start(StopByIdAsync);
            return false;
        };
        var random = new Random(plan.Readers);
        for (var i = 0; i < plan.FurtherReaders; i++)
        {
            var (after, leavesAfter, delay) = (random.Next(3) == 0 ? random.Next(4) : 0, random.Next(2) == 0 ? random.Next(10) : int.MaxValue, random.Next(3));
            Start(() => ReadFurtherAsync(handle, after, leavesAfter, delay));
        }
        var events = 0;
        try
        {
            await foreach (var next in handle.ReadAsync().ConfigureAwait(false))
            {
                oracle.See(next);
                await ReactAsync(next, events++).ConfigureAwait(false); // It stays: a detached turn does not notice readers that leave.
            }
            oracle.Over();
        }
        catch (TurnGoneException)
        {
            Interlocked.Increment(ref world.Books.Gone);
        }
    }

    private async Task ReadFurtherAsync(TurnHandle handle, int after, int leavesAfter, int delay)
    {
        if (delay > 0) await Task.Delay(delay).ConfigureAwait(false);
        using var leaving = new CancellationTokenSource();
        var oracle = new Oracle(this, world.Books, after);
        var events = 0;
        var first = true;
        try
        {
            await foreach (var next in handle.ReadAsync(new TurnCursor(1, after), leaving.Token).ConfigureAwait(false))
            {
                if (first && next.Seq < after + 1) (oracle, after) = (new Oracle(this, world.Books, next.Seq - 1), 0); // The log was not that far yet.
                first = false;
                oracle.See(next);
                if (++events <= leavesAfter) continue;
                if (number % 2 == 0) return;
                _ = Task.Run(leaving.Cancel);
            }
            if (!first) oracle.Over();
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { }
        catch (TurnGoneException) { }
    }

    private async Task SourceAsync(Oracle oracle)
    {
        var events = 0;
        var source = Agent.Source(Input, Options).SelectAsync(1, async next =>
        {
            oracle.See(next);
            return await ReactAsync(next, events++).ConfigureAwait(false);
        });
        var (control, done) = source.TakeWhile(stays => stays || oracle.Terminal is not null).ToMaterialized(Sink.Ignore<bool>(), Keep.Both).Run(world.Materializer);
        _stopByHandle = () => control.Interrupt();
        var aborted = new InvalidOperationException("Aborted.");
        _abort = () => control.Abort(aborted);
        using var byToken = _caller.Token.Register(() => { if (control.Interrupt()) Interlocked.Increment(ref _stopped); });
        try
        {
            await done.ConfigureAwait(false);
            if (!plan.Leaves && !plan.Has(StopBy.Abort)) oracle.Over();
            if (oracle.Terminal is { } terminal && !ReferenceEquals(await control.Completion.ConfigureAwait(false), terminal))
                world.Books.Violate($"{Name}: the control completed otherwise than the stream.");
        }
        catch (InvalidOperationException exception) when (ReferenceEquals(exception, aborted) || ReferenceEquals(exception.InnerException, aborted)) { }
        catch (AggregateException exception) when (ReferenceEquals(exception.GetBaseException(), aborted)) { }
    }
}
