using System.Collections.Immutable;

namespace ActorAgents.Cluster;

/// <summary>The standing halts and how often they changed: the pure fold of the ledger's events.</summary>
/// <param name="Epoch">The number of the last change; 0 before the first.</param>
/// <param name="Standing">Oldest first.</param>
/// <param name="Requests">The latest questions that became events, oldest first: one may be asked again when its answer was lost.</param>
internal sealed record HaltList(long Epoch, ImmutableList<StandingHalt> Standing, ImmutableQueue<DoneRequest> Requests)
{
    private const int KeptRequests = 100;

    public static HaltList Empty { get; } = new(0, [], []);

    public static HaltList Of(HaltsSnapshot snapshot) => new(snapshot.Epoch, [.. snapshot.Standing], [.. snapshot.Requests]);

    public HaltsSnapshot ToSnapshot() => new(Epoch, Standing, [.. Requests]);

    public HaltList With(HaltStood stood) => With(stood.Epoch, Standing.Add(stood.ToHalt()), stood.Request);

    public HaltList With(HaltReleased released) => With(released.Epoch, Standing.RemoveAll(halt => halt.Id == released.Halt.Id), released.Request);

    public StandingHalt? Find(long id) => Standing.Find(halt => halt.Id == id);

    /// <summary>The epoch of the event that the question became; null when it became none, or long ago.</summary>
    public long? Done(Guid request) => Requests.FirstOrDefault(done => done.Request == request)?.Epoch;

    private HaltList With(long epoch, ImmutableList<StandingHalt> standing, Guid request)
    {
        var requests = Requests.Enqueue(new(request, epoch));
        return new(epoch, standing, requests.Count() > KeptRequests ? requests.Dequeue() : requests);
    }
}
