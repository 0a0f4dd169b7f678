namespace ActorAgents.RaceTests;

/// <summary>How a turn is read.</summary>
internal enum Way { Pull, Log, Source }

/// <summary>How somebody tries to stop a turn.</summary>
internal enum StopBy { Handle, Id, TwoAtOnce, Reader, Token, Leaving, AfterStep, Abort }

/// <summary>One attempt: after so many events (of its reader) or so many milliseconds, zero meaning at once.</summary>
internal readonly record struct StopAt(StopBy By, int Delay);

/// <summary>Everything about a turn that chance decides, from the seed and its number alone.</summary>
internal sealed class Plan
{
    public Plan(int seed, int number, int agents)
    {
        var random = new Random(HashCode.Combine(seed, number));
        Agent = random.Next(agents);
        Calls = CallScript.ForTurn(random, $"t{number}");
        Way = random.Next(100) switch { < 55 => Way.Pull, < 85 => Way.Log, _ => Way.Source };
        OnBusy = random.Next(100) switch { < 60 => BusyPolicy.Queue, < 70 => BusyPolicy.Reject, < 80 => BusyPolicy.Interrupt, _ => BusyPolicy.Steer };
        Stops = new StopAt[random.Next(100) switch { < 60 => 0, < 88 => 1, < 96 => 2, _ => 3 }];
        for (var i = 0; i < Stops.Length; i++)
        {
            var by = (StopBy)random.Next(Way == Way.Source ? 8 : 7);
            Stops[i] = new(by, by is StopBy.Reader or StopBy.Leaving ? random.Next(8) : random.Next(3) == 0 ? random.Next(6) : 0);
        }
        Pace = random.Next(2) == 0 ? ActorAgents.Pace.Free : ActorAgents.Pace.ByReader(random.Next(1, 5));
        FurtherReaders = Way == Way.Log ? random.Next(3) : 0;
        Answers = random.Next(8) > 0;
        ReadsSlowly = random.Next(8) == 0;
        LooksAtHistory = random.Next(16) == 0;
        Readers = random.Next();
        NeedsStop = Calls.Any(call => call.StaysSilent);
    }

    public int Agent { get; }
    public CallScript[] Calls { get; }
    public Way Way { get; }
    public BusyPolicy OnBusy { get; }
    public StopAt[] Stops { get; }
    public Pace Pace { get; }
    public int FurtherReaders { get; }

    /// <summary>Approvals are answered; otherwise the turn is stopped when it asks.</summary>
    public bool Answers { get; }
    public bool ReadsSlowly { get; }
    public bool LooksAtHistory { get; }

    /// <summary>The seed of the further readers' own choices.</summary>
    public int Readers { get; }

    /// <summary>The script may wait forever, so somebody must keep trying to stop it.</summary>
    public bool NeedsStop { get; }

    public bool Leaves => Stops.Any(stop => stop.By == StopBy.Leaving);
    public bool Has(StopBy by) => Stops.Any(stop => stop.By == by);

    public override string ToString() =>
        $"{Way}, {OnBusy}, stops [{string.Join(", ", Stops)}], pace {Pace.Window}, {FurtherReaders} further readers, calls " +
        string.Join(" / ", Calls.Select(call => string.Join(' ', call.Chunks.Select(c => c.Failure is null ? c.Beat.ToString() : c.Beat + "!"))));
}
