namespace ActorAgents.AspNetCore;

/// <summary>Events whose first is looked at before anybody gets it; what is found there may put other events in their place.</summary>
internal sealed class FirstSeen(IAsyncEnumerable<TurnEvent> events, Func<TurnEvent, ValueTask<IAsyncEnumerable<TurnEvent>?>> see) : IAsyncEnumerable<TurnEvent>
{
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(events.GetAsyncEnumerator(cancellationToken), see, cancellationToken);

    private sealed class Enumerator(
        IAsyncEnumerator<TurnEvent> events, Func<TurnEvent, ValueTask<IAsyncEnumerable<TurnEvent>?>> see, CancellationToken token) : IAsyncEnumerator<TurnEvent>
    {
        private bool _begun;

        public TurnEvent Current => events.Current;

        public ValueTask<bool> MoveNextAsync() => _begun ? events.MoveNextAsync() : BeginAsync();

        public ValueTask DisposeAsync() => events.DisposeAsync();

        private async ValueTask<bool> BeginAsync()
        {
            _begun = true;
            if (!await events.MoveNextAsync()) return false;
            if (await see(events.Current) is not { } others) return true;
            await events.DisposeAsync();
            events = others.GetAsyncEnumerator(token);
            return await events.MoveNextAsync();
        }
    }
}
