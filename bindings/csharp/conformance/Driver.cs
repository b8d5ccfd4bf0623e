// The conformance driver of the C# assembly. The commands are in conformance/README.md.

using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Deepidv;

internal static class Driver
{
    private static readonly Client Client = new Client(Options.FromEnvironment());

    private static string Code(DeepidvException failure)
    {
        return failure.Field == null ? failure.Code : failure.Code + "\t" + failure.Field;
    }

    // The JSON of a result, also of a failed one.
    private static async Task<string> Show(Task<Session> call)
    {
        try
        {
            return (await call).Describe;
        }
        catch (DeepidvException failure)
        {
            return failure.Describe.Length > 0 ? failure.Describe : Code(failure);
        }
    }

    private static string Try(Func<string> call)
    {
        try
        {
            return call();
        }
        catch (DeepidvException failure)
        {
            return Code(failure);
        }
    }

    private static string StatusOf(Action call)
    {
        return Try(() =>
        {
            call();
            return "DEEPIDV_OK";
        });
    }

    private static async Task<string> Many(string[] field)
    {
        var tasks = Enumerable.Range(1, int.Parse(field[1])).Select(async tag =>
        {
            var applicant = Applicant.FromJson(field[2]);
            applicant.ExternalId = field[0] + "-" + tag;
            return new { Tag = tag, (await Client.CreateAsync(applicant)).Id };
        }).ToArray();
        if (field[0] == "collect")
        {
            for (var i = 0; i < 1000; i++)
                new Client(Options.FromEnvironment());
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        var done = await Task.WhenAll(tasks);
        return done.Length + " completions, tags " + done.Sum(one => one.Tag) + ", "
            + done.Select(one => one.Id).Distinct().Count() + " sessions";
    }

    private static async Task<string> Cancel(string id)
    {
        using (var cancel = new CancellationTokenSource(50))
        {
            try
            {
                await Client.RetrieveAsync(id, cancel.Token);
                return "DEEPIDV_OK";
            }
            catch (OperationCanceledException cancelled)
            {
                return "DEEPIDV_E_TIMEOUT\t" + Code((DeepidvException)cancelled.InnerException);
            }
        }
    }

    private static async Task<string> Order(string request)
    {
        Task<Session> create;
        using (var other = new Client(Options.FromEnvironment()))
        {
            create = other.CreateAsync(Applicant.FromJson(request));
            await create;
        }
        return await Show(create);
    }

    private static async Task<string> List(string externalId, uint limit)
    {
        try
        {
            return (await Client.ListAsync(externalId, limit)).Describe;
        }
        catch (DeepidvException failure)
        {
            return failure.Describe.Length > 0 ? failure.Describe : Code(failure);
        }
    }

    private static async Task<string> Run(string[] field)
    {
        switch (field[0])
        {
            case "version":
                return (Client.AbiVersion >> 16) + "." + (Client.AbiVersion & 0xffff);
            case "redirect":
                return Try(() => Redirect.Parse(field[1]).Describe());
            case "matches":
                return Try(() => Redirect.Parse(field[1]).Matches(field[2]) ? "DEEPIDV_OK" : "DEEPIDV_E_MISMATCH");
            case "webhook":
                return Try(() => Webhook.Open(Encoding.UTF8.GetBytes(field[3]), field[2], field[1]).Describe);
            case "option":
                return StatusOf(() => Options.Check(field[1], field[2])).Split('\t')[0];
            case "check":
                return StatusOf(() => Applicant.FromJson(field[1]).Check());
            case "create":
                return await Show(Client.CreateAsync(Applicant.FromJson(field[1])));
            case "find":
                return await Show(Client.FindOrCreateAsync(Applicant.FromJson(field[1])));
            case "retrieve":
                return await Show(Client.RetrieveAsync(field[1]));
            case "list":
                return await List(field[1], uint.Parse(field[2]));
            case "update":
                var decision = field[2] == "VERIFIED" ? Decision.Verified : Decision.Rejected;
                return await Show(Client.UpdateStatusAsync(field[1], decision));
            case "confirm":
                return await Show(Client.ConfirmAsync(field[1], field[2]));
            case "reconcile":
                return await Show(Client.ReconcileAsync(field[1]));
            case "many":
            case "collect":
                return await Many(field);
            case "cancel":
                return await Cancel(field[1]);
            case "nul":
                var named = Applicant.FromJson(field[1]);
                named.FirstName = "a\0b";
                return StatusOf(named.Check).Split('\t')[0];
            case "order":
                return await Order(field[1]);
            default:
                return "unsupported";
        }
    }

    // Not asynchronous: a thread of the pool would run the end, and become idle while Mono ends the process. Mono then
    // sometimes ends it up to a minute late; see README.md.
    private static void Main()
    {
        var utf8 = new UTF8Encoding(false);
        var input = new StreamReader(Console.OpenStandardInput(), utf8);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        for (string line; (line = input.ReadLine()) != null;)
            output.Write(Run(line.Split('\t')).GetAwaiter().GetResult() + "\n");
        Client.Dispose();
    }
}
