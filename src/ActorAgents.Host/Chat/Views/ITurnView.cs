namespace ActorAgents.Host.Chat.Views;

/// <summary>Shows a person the events of turns, one turn after the other.</summary>
internal interface ITurnView
{
    void Show(TurnEvent e);

    /// <summary>Something beside the events.</summary>
    void Note(string text);
}
