using System.Collections;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Serialization;

/// <summary>Compares all that two objects consist of, public member by member; what is wrong is named by its path.</summary>
internal static class Same
{
    public static void Assert(object? expected, object? actual, string path = "")
    {
        switch (expected)
        {
            case null: Check(actual is null, path, expected, actual); return;
            case JsonElement element: Check(actual is JsonElement other && JsonElement.DeepEquals(element, other), path, expected, actual); return;
            case ReadOnlyMemory<byte> bytes: Check(actual is ReadOnlyMemory<byte> read && bytes.Span.SequenceEqual(read.Span), path, expected, actual); return;
            case string or Uri or Guid or HaltScope or DateTimeOffset or TimeSpan or ValueType and (bool or long or int or float or double):
            case Enum:
                Check(expected.Equals(actual), path, expected, actual);
                return;
            case IDictionary dictionary: AssertDictionary(dictionary, actual, path); return;
            case IEnumerable items: AssertItems([.. items.Cast<object?>()], actual, path); return;
        }
        Check(actual?.GetType() == expected.GetType() || expected is AITool, path, expected.GetType(), actual?.GetType());
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(IsCompared))
        {
            var counterpart = actual!.GetType() == expected.GetType() ? property : actual.GetType().GetProperty(property.Name);
            Assert(property.GetValue(expected), counterpart?.GetValue(actual), $"{path}.{property.Name}");
        }
    }

    private static bool IsCompared(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute))
        && property.Name is not ("EqualityContract" or "WhenAbsent" or "Annotations" or "DebuggerDisplay") && (property.GetMethod!.IsPublic || property.Name == "Window")
        && !typeof(Delegate).IsAssignableFrom(property.PropertyType)
        || property is { Name: "Tools", DeclaringType.Name: nameof(ChatOptions) };

    private static void AssertDictionary(IDictionary expected, object? actual, string path)
    {
        var read = Xunit.Assert.IsAssignableFrom<IDictionary>(actual);
        AssertItems([.. expected.Keys.Cast<object?>()], read.Keys, path + ".Keys");
        foreach (var key in expected.Keys) Assert(expected[key], read[key], $"{path}[{key}]");
    }

    private static void AssertItems(object?[] expected, object? actual, string path)
    {
        var read = Xunit.Assert.IsAssignableFrom<IEnumerable>(actual).Cast<object?>().ToArray();
        Check(read.Length == expected.Length, path + ".Count", expected.Length, read.Length);
        for (var i = 0; i < expected.Length; i++) Assert(expected[i], read[i], $"{path}[{i}]");
    }

    private static void Check(bool holds, string path, object? expected, object? actual)
    {
        if (!holds) Xunit.Assert.Fail($"{path} is {actual ?? "null"}, not {expected ?? "null"}.");
    }
}
