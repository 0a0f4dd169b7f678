namespace ActorAgents.Pages.Tests;

public sealed class ContentSecurityPolicyTests
{
    [Fact]
    public void Scripts_come_from_files_of_the_application_only() =>
        Assert.Contains("script-src 'self';", ActorAgentsPages.ContentSecurityPolicy);
}
