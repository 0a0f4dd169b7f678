using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// What is changed about an agent from outside its turns, and its removal.
internal sealed partial class AgentActor
{
    /// <summary>Makes a change and tells its end, once it is stored where the agent is.</summary>
    private void Change(IActorRef sender, Action change, JournalEntry? entry)
    {
        try { change(); }
        catch (ArgumentException refusal)
        {
            sender.Tell(new AgentProtocol.Refused(refusal.Message));
            return;
        }
        if (entry is null) sender.Tell(true); else TellOnceStored(sender, entry);
    }

    private void TellOnceStored(IActorRef sender, JournalEntry entry)
    {
        if (_journal is null) { sender.Tell(true); return; }
        _journal.Write(() => sender.Tell(true), entry);
        if (IsIdle && Context.ReceiveTimeout is not null) WaitForUse(_journal.ForgetAfter); // Of an agent that was started again only the rest was waited for.
    }

    private DateTimeOffset Now => _node.Time.GetUtcNow();

    private void AddTool(AITool tool) => _tools = Tools.Add(tool, Definition.Chat?.Tools);

    private void AddOwnTool(AITool tool)
    {
        if (_journal is not null) throw new ArgumentException($"Agent {_id} is durable, and the tool '{tool.Name}' would be gone when it starts again: register it and add it by its name.");
        AddTool(tool);
    }

    private void RemoveTool(string name, IActorRef sender)
    {
        if (ToolSet.Find(Tools, name) is null) { sender.Tell(false); return; }
        _tools = Tools.Remove(name);
        TellOnceStored(sender, new JournalEntry.ToolRemoved(name, Now));
    }

    private void Clear()
    {
        _conversation = Conversation.Empty;
        if (_current is not null) _current.Loop.Former = null;
    }

    /// <param name="whenBlank">What to tell of an agent that is not there.</param>
    private void Remove(IActorRef sender, bool whenBlank = false)
    {
        if (_journal is { IsBlank: true, IsErasing: false } && IsIdle) // It came to be asked this.
        {
            sender.Tell(whenBlank);
            if (_journal.IsNew) AskToRetire(); else Erase(ActorRefs.Nobody); // It was removed before, and what that was to delete may be there yet.
            return;
        }
        _node.Logs.ForgetRemoved(_id, [.. Turns]);
        Clear();
        (_provider, _tools, _forgotten, _removed) = (null, null, _current, true);
        if (_journal is not null) Erase(sender);
        foreach (var turn in _queue?.Turns.ToArray() ?? []) turn.Stop(InterruptReason.User);
        _current?.Stop(InterruptReason.User);
        if (_journal is not null) return;
        sender.Tell(true);
        if (IsIdle) AskToRetire();
    }

    private void RemoveIf(AgentProtocol.RemoveIf only, IActorRef sender)
    {
        var isSo = only.HasOnly is { } turn
            ? _queue is not { Count: > 0 } && (_current is null || _current.Id == turn) && _conversation.Turns.All(ended => ended.Id == turn) && Newest is not null
            : IsIdle;
        if (isSo) Remove(sender, whenBlank: true); else sender.Tell(false);
    }
}
