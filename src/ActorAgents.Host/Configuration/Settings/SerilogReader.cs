namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Checks the keys of the log's settings, of which Serilog passes over those that it does not know. What they hold it checks itself.</summary>
internal sealed class SerilogReader(SettingsSource source, ICollection<Mistake> mistakes) : SectionReader(source, mistakes)
{
    private const string MinimumLevel = "MinimumLevel";

    public void Check()
    {
        OnlyKnown(Root, [MinimumLevel, "LevelSwitches", "FilterSwitches", "Using", "Enrich", "Destructure", "Filter", "Properties", "WriteTo", "AuditTo"]);
        OnlyKnown(Root.GetSection(MinimumLevel), ["Default", "Override", "ControlledBy"]);
    }
}
