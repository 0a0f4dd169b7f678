using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ActorAgents.Pages;

/// <summary>Sets a halt, after asking back.</summary>
public sealed partial class HaltForm
{
    private HaltScope? _confirms;
    private string? _problem;
    private ElementReference _back;
    private ElementReference _reason;
    private bool _moves; // The focus follows what is asked for.

    /// <summary>What is written.</summary>
    [Parameter, EditorRequired] public HaltDraft Draft { get; set; } = default!;

    /// <summary>The kinds to choose from.</summary>
    [Parameter, EditorRequired] public IEnumerable<string> Kinds { get; set; } = [];

    /// <summary>How many turns a halt would stop now. Null when that is not known.</summary>
    [Parameter, EditorRequired] public Func<HaltDraft, int?> Turns { get; set; } = _ => null;

    /// <summary>That it shall stand.</summary>
    [Parameter] public EventCallback<(HaltScope Scope, string Reason)> OnHalt { get; set; }

    private string Consequence => $"{(Turns(Draft) is { } turns ? DashboardWords.Count(turns, "turn that runs or waits is", "turns that run or wait are") : "Its turns are")} "
        + "interrupted now, and new ones are refused until you release it.";

    /// <summary>Begins a halt of one kind; what was written as a reason stays.</summary>
    public void BeginWith(string kind)
    {
        (Draft.Reach, Draft.Kind, _confirms, _problem, _moves) = (HaltReach.Kind, kind, null, null, true);
        StateHasChanged();
    }

    /// <summary>To the button that changes nothing, or to the reason.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_moves) return;
        _moves = false;
        await (_confirms is null ? _reason : _back).FocusAsync();
    }

    private void Ask()
    {
        _confirms = Draft.Scope(out _problem);
        _moves = true;
    }

    private void Back() => (_confirms, _moves) = (null, true);

    private void OnKey(KeyboardEventArgs key)
    {
        if (key.Key == "Escape") Back();
    }

    private async Task ConfirmAsync()
    {
        var (scope, reason) = (_confirms!.Value, Draft.Reason.Trim());
        (_confirms, Draft.Reason) = (null, "");
        await OnHalt.InvokeAsync((scope, reason));
    }

    private static string Words(HaltScope scope) => DashboardWords.Of(scope) is var words ? char.ToLowerInvariant(words[0]) + words[1..] : "";

    private string Words(HaltReach reach) => reach switch
    {
        HaltReach.Everything => Draft.ConfinedTo is { } tenant ? $"All of {tenant}" : "Everything",
        HaltReach.Kind => "A kind",
        HaltReach.Tenant => "A tenant",
        HaltReach.TenantKind => "A tenant's kind",
        _ => "One agent",
    };
}
