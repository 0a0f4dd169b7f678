using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorAgents.Cluster.ProcessTests.Reading;

/// <summary>
/// What one reader has of a turn. The first event is the first of the turn; each further one is the next of its epoch, or begins a later epoch by withdrawing what
/// follows a place that the reader has come to.
/// </summary>
internal sealed class TurnSequence
{
    private readonly List<Event> _events = [];
    private int _epoch;

    /// <summary>The id of the last frame; null at the beginning.</summary>
    public string? LastId { get; private set; }

    /// <summary>How often something was withdrawn.</summary>
    public int Resets { get; private set; }

    /// <summary>The terminal event's name, once it has come.</summary>
    public string? End { get; private set; }

    /// <summary>What the terminal event says.</summary>
    public JsonNode? EndData { get; private set; }

    public long Seq => _events.Count;

    /// <summary>The names of the events that were not withdrawn.</summary>
    public IEnumerable<string> Names => _events.Select(e => e.Name);

    /// <summary>The text of what was not withdrawn.</summary>
    public string Text => string.Concat(_events.Where(e => e.Name == "text").Select(e => e.Data["text"]!.GetValue<string>()));

    /// <exception cref="SequenceException">It is not what may come next.</exception>
    public void Take(string id, string name, string json)
    {
        if (End is not null) throw new SequenceException(Fault.Duplicate, $"{id} ({name}) came after the end.");
        var parts = id.Split(':');
        if (parts.Length != 3) throw new SequenceException(Fault.Malformed, $"'{id}' is no place.");
        var (epoch, seq) = (int.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
        var data = JsonNode.Parse(json)!;
        if (name == "reset") Withdraw(id, epoch, seq, data["fromSeq"]!.GetValue<long>());
        else if (_epoch == 0) _epoch = epoch;
        if (epoch != _epoch) throw new SequenceException(epoch < _epoch ? Fault.Reorder : Fault.Gap, $"{id} ({name}) came in epoch {_epoch}, at {Seq}.");
        if (seq != Seq + 1) throw new SequenceException(seq <= Seq ? Fault.Duplicate : Fault.Gap, $"{id} ({name}) came after {Seq} of epoch {_epoch}.");
        _events.Add(new(name, data));
        LastId = id;
        if (name is "completed" or "interrupted" or "failed") (End, EndData) = (name, data);
    }

    private void Withdraw(string id, int epoch, long seq, long from)
    {
        if (epoch <= _epoch) throw new SequenceException(Fault.Reorder, $"{id} withdraws in epoch {_epoch}.");
        if (from > Seq) throw new SequenceException(Fault.Gap, $"{id} withdraws from {from} on, and only {Seq} had come.");
        if (seq != from + 1) throw new SequenceException(Fault.Gap, $"{id} withdraws from {from} on and does not go on there.");
        _events.RemoveRange((int)from, _events.Count - (int)from);
        _epoch = epoch;
        Resets++;
    }

    private sealed record Event(string Name, JsonNode Data);
}

internal enum Fault
{
    Gap,
    Duplicate,
    Reorder,
    Malformed,
}

/// <summary>A reader saw what none may see.</summary>
internal sealed class SequenceException(Fault fault, string message) : Exception($"{fault}: {message}")
{
    public Fault Fault => fault;
}
