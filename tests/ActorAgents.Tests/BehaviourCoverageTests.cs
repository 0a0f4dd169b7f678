using System.Reflection;

namespace ActorAgents.Tests;

/// <summary>Every behaviour of the contract has a test that carries its id, or is owed by name.</summary>
public sealed class BehaviourCoverageTests
{
    private static readonly string[] Contract = [.. Ids("T", 1, 88), .. Ids("M", 1, 12), .. Ids("P", 1, 9)];

    /// <summary>Behaviours that another test assembly covers.</summary>
    private static readonly Dictionary<string, string[]> TestedElsewhere = new()
    {
        ["ActorAgents.Testing.Tests"] = [.. Ids("T", 9, 15)],
        ["ActorAgents.Providers.Tests"] = [.. Ids("T", 80, 84)],
        ["ActorAgents.AspNetCore.Tests"] = ["T86"],
    };

    /// <summary>Behaviours without a test. May only get shorter.</summary>
    private static readonly string[] NotYet = [];

    [Fact]
    public void Every_behaviour_has_a_test_or_is_owed()
    {
        var missing = Contract.Except(Tested()).Except(TestedElsewhere.Values.SelectMany(ids => ids)).Except(NotYet);

        Assert.True(!missing.Any(), $"No test carries {string.Join(", ", missing)}: write one with [Trait(\"Behaviour\", \"…\")].");
    }

    [Fact]
    public void What_is_owed_has_no_test_yet()
    {
        var paid = NotYet.Intersect(Tested().Concat(TestedElsewhere.Values.SelectMany(ids => ids)));

        Assert.True(!paid.Any(), $"There are tests of {string.Join(", ", paid)} by now: take the ids off {nameof(NotYet)}.");
    }

    [Fact]
    public void Every_id_that_a_test_carries_is_in_the_contract()
    {
        var unknown = Tested().Concat(NotYet).Except(Contract);

        Assert.True(!unknown.Any(), $"Unknown behaviours: {string.Join(", ", unknown)}.");
    }

    private static IReadOnlySet<string> Tested()
    {
        var types = typeof(BehaviourCoverageTests).Assembly.GetTypes();
        var members = types.Concat<MemberInfo>(types.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)));
        return members
            .SelectMany(member => member.CustomAttributes)
            .Where(attribute => attribute.AttributeType == typeof(TraitAttribute) && (string?)attribute.ConstructorArguments[0].Value == "Behaviour")
            .Select(attribute => (string)attribute.ConstructorArguments[1].Value!)
            .ToHashSet();
    }

    private static IEnumerable<string> Ids(string letter, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{letter}{number:00}"));
}
