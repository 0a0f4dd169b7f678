namespace ActorAgents;

/// <summary>
/// The token of a call and the one of its enumeration, as one. Linked only when there are two, and then to be disposed, or a token that lives long
/// would keep the link.
/// </summary>
internal readonly struct EitherToken : IDisposable
{
    private readonly CancellationTokenSource? _link;

    public EitherToken(CancellationToken token, CancellationToken further)
    {
        if (token.CanBeCanceled && further.CanBeCanceled && token != further)
            Token = (_link = CancellationTokenSource.CreateLinkedTokenSource(token, further)).Token;
        else Token = further.CanBeCanceled ? further : token;
    }

    public CancellationToken Token { get; }

    public void Dispose() => _link?.Dispose();
}
