using Akka.Actor;

namespace ActorAgents.Pages;

/// <summary>What runs, who waits for whom, and the switches that stop it.</summary>
public sealed partial class DashboardPage
{
    private DashboardOperator? _operator;
    private IDisposable? _watch;
    private HaltDraft? _draft;
    private HaltForm? _form;
    private string[] _kinds = [];
    private DashboardSnapshot? _next; // Written by the sampler, taken by the next rendering: a slow browser skips frames.
    private DashboardSnapshot? _shown;
    private string? _outcome;
    private bool _refused;
    private bool _paused;

    private string? Tenant => _operator?.Tenant;

    private NodeReading? Node => _shown?.Node;

    /// <summary>Begins to look, when the user may.</summary>
    protected override async Task OnInitializedAsync()
    {
        _operator = await Access.GetAsync();
        _refused = _operator is null;
        if (_operator is not { } admin) return;
        _draft = new HaltDraft(admin.Tenant);
        _kinds = [.. admin.Agents.Definitions.Keys.Order(StringComparer.Ordinal)];
        _watch = admin.Sampler.Watch(OnFrame, failure => _ = DispatchExceptionAsync(failure));
    }

    /// <summary>Looks no longer.</summary>
    public void Dispose() => _watch?.Dispose();

    private void OnFrame(DashboardSnapshot frame)
    {
        if (Interlocked.Exchange(ref _next, frame) is null) _ = InvokeAsync(Show);
    }

    private void Show()
    {
        var frame = Interlocked.Exchange(ref _next, null);
        if (_paused || frame is null) return;
        _shown = frame;
        StateHasChanged();
    }

    private void Pause() => _paused = !_paused;

    private void BeginHalt(string kind) => _form!.BeginWith(kind);

    private int? TurnsOf(HaltDraft draft) => draft.Reach switch
    {
        HaltReach.Everything => _shown?.Kinds.Sum(k => k.Turns),
        HaltReach.Kind => _shown?.Kinds.FirstOrDefault(k => k.Kind == draft.Kind)?.Turns,
        _ => null,
    };

    private async Task HaltAsync((HaltScope Scope, string Reason) wish)
    {
        var halt = await _operator!.Agents.HaltAsync(wish.Scope, wish.Reason);
        _paused = false; // A halt that stands is seen.
        Tell($"{DashboardWords.Of(halt.Scope)} is halted.");
    }

    private async Task ReleaseAsync(Halt halt)
    {
        var released = await _operator!.Agents.ReleaseAsync(halt.Id);
        _paused = false;
        Tell($"{DashboardWords.Of(halt.Scope)}: {(released ? "the halt is released." : "somebody else released that halt before.")}");
    }

    /// <summary>A page that is held still stays so: the rows do not move under the pointer.</summary>
    private async Task InterruptAsync(TurnSnapshot turn)
    {
        var name = DashboardWords.Of(turn.AgentId);
        try
        {
            Tell(await _operator!.Agents[turn.AgentId].InterruptAsync(turn.TurnId) ? $"The turn of {name} is interrupted." : $"The turn of {name} had ended.");
        }
        catch (Exception e) when (e is AskTimeoutException or TurnException)
        {
            Tell($"The turn of {name} may go on: {e.Message}");
        }
    }

    private void Tell(string outcome)
    {
        _outcome = outcome;
        _operator!.Sampler.Show();
    }
}
