using System.Threading;
using Deepidv;

/// <summary>Ends while an operation is in flight.</summary>
internal static class Abandon
{
    internal static void Main()
    {
        new Client(Options.FromEnvironment()).RetrieveAsync("sess_1");
        Thread.Sleep(200);
    }
}
