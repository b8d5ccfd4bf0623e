using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;

namespace Deepidv.Tests
{
    [TestFixture]
    public class ClientTest
    {
        private Emulator emulator;

        [TestFixtureSetUp]
        public void Start() => emulator = new Emulator();

        [TestFixtureTearDown]
        public void Stop() => emulator.Dispose();

        [TearDown]
        public void NoFaults() => emulator.NoFaults();

        private static string Unique(string name) => name + "-" + Guid.NewGuid();

        private static async Task<T> Throws<T>(Task task) where T : Exception
        {
            try
            {
                await task;
            }
            catch (T exception)
            {
                return exception;
            }
            throw new AssertionException("expected " + typeof(T).Name);
        }

        [Test]
        public async Task SessionFromCreateToDecision()
        {
            using (var client = emulator.Client())
            {
                var applicant = Emulator.Ada(Unique("життя"));
                var created = await client.CreateAsync(applicant);
                StringAssert.Contains(created.Id, created.Url);
                var found = await client.FindOrCreateAsync(applicant);
                Assert.IsTrue(found.Found && found.Id == created.Id && found.Url == null);
                var record = await client.RetrieveAsync(created.Id);
                Assert.AreEqual(applicant.ExternalId, record.ExternalId);
                Assert.AreEqual(Verdict.Pending, record.Verdict);
                StringAssert.Contains(applicant.ExternalId, Encoding.UTF8.GetString(record.Raw));
                var page = await client.ListAsync(applicant.ExternalId, 10);
                CollectionAssert.AreEqual(new[] { created.Id }, page.Ids);
                Assert.IsNull(page.NextToken);
                var decided = await client.UpdateStatusAsync(created.Id, Decision.Verified);
                Assert.AreEqual(Verdict.Verified, decided.Verdict);
                var waited = await client.WaitAsync(created.Id, TimeSpan.FromMinutes(1));
                Assert.AreEqual("VERIFIED", waited.Status);
                var redirect = "/cb?session_id=" + created.Id + "&status=failed";
                Assert.AreEqual(Verdict.Verified, (await client.ConfirmAsync(redirect, created.Id)).Verdict);
                Assert.AreEqual(
                    Verdict.Forged, (await client.ConfirmAsync("/cb?session_id=x", created.Id)).Verdict);
            }
        }

        [Test]
        public async Task WaitEndsWithTheLastRecord()
        {
            using (var client = emulator.Client())
            {
                var created = await client.CreateAsync(Emulator.Ada());
                var failure = await Throws<DeepidvAnswerException>(
                    client.WaitAsync(created.Id, TimeSpan.FromSeconds(1)));
                Assert.AreEqual(Status.Timeout, failure.Status);
                Assert.AreEqual(created.Id, failure.Session.Id);
                Assert.IsTrue(failure.Retryable);
                await Throws<DeepidvArgumentException>(client.WaitAsync(created.Id, TimeSpan.FromDays(365)));
                await Throws<DeepidvArgumentException>(client.WaitAsync(created.Id, TimeSpan.MinValue));
            }
        }

        private async Task Refused(Applicant applicant, Status status, string field)
        {
            using (var client = emulator.Client())
            {
                var failure = await Throws<DeepidvArgumentException>(client.CreateAsync(applicant));
                Assert.AreEqual(status, failure.Status);
                Assert.IsFalse(failure.Retryable);
                if (field != null)
                    Assert.AreEqual(field, failure.Field);
            }
        }

        [Test]
        public async Task FieldsAreRefused()
        {
            var applicant = Emulator.Ada();
            applicant.Phone = "1";
            await Refused(applicant, Status.Phone, "phone");
            applicant = Emulator.Ada();
            applicant.FirstName = "\0";
            await Refused(applicant, Status.Nul, "first_name");
            applicant.FirstName = "\ud800";
            await Refused(applicant, Status.Utf8, null);
            applicant.FirstName = "";
            await Refused(applicant, Status.Required, "first_name");
            await Refused(new Applicant { FirstName = "A" }, Status.Required, "last_name");
            await Refused(Applicant.FromJson("{\"x\": 1}"), Status.Field, null);
            using (var client = emulator.Client())
                Assert.AreEqual(
                    "external_id",
                    (await Throws<DeepidvArgumentException>(client.FindOrCreateAsync(Emulator.Ada()))).Field);
        }

        [Test]
        public void OptionsAreRefused()
        {
            var options = emulator.Options;
            options.BaseUrl = "http://a.example";
            var failure = Assert.Throws<DeepidvArgumentException>(() => new Client(options));
            Assert.AreEqual("DEEPIDV_E_SCHEME", failure.Code);
            Assert.AreEqual("base_url", failure.Field);
            options.AllowHttpHosts = "a.example";
            new Client(options).Dispose();
            options.Timeout = TimeSpan.Zero;
            Assert.AreEqual("timeout_ms", Assert.Throws<DeepidvArgumentException>(() => options.Check()).Field);
        }

        [Test]
        public async Task ErrorsOfTheService()
        {
            using (var client = emulator.Client())
            {
                var failure = await Throws<DeepidvServiceException>(client.RetrieveAsync("sess_none"));
                Assert.AreEqual(Status.NotFound, failure.Status);
                Assert.AreEqual(404, failure.HttpStatus);
                emulator.Fault(
                    "{'kind': 'status', 'status': 400, 'method': 'POST', 'body': '{\\'message\\': \\'Ada is refused\\'}'}");
                failure = await Throws<DeepidvServiceException>(client.CreateAsync(Emulator.Ada()));
                Assert.AreEqual("Ada is refused", failure.ApiMessage);
                StringAssert.DoesNotContain("is refused", failure.ToString());
            }
        }

        [Test]
        public async Task UnknownOutcomeIsReconciled()
        {
            var options = emulator.Options;
            options.Timeout = TimeSpan.FromSeconds(2);
            using (var client = new Client(options))
            {
                emulator.Fault("{'kind': 'close', 'method': 'POST'}");
                emulator.Fault("{'kind': 'status', 'status': 500, 'method': 'GET', 'count': 999}");
                var applicant = Emulator.Ada(Unique("unknown"));
                var unknown = await Throws<OutcomeUnknownException>(client.CreateAsync(applicant));
                Assert.IsFalse(unknown.Retryable);
                emulator.NoFaults();
                var session = await client.ReconcileAsync(unknown.ReconcileToken);
                Assert.IsTrue(session.Reconciled);
                Assert.AreEqual(applicant.ExternalId, session.ExternalId);
            }
        }

        [Test]
        public async Task CancellingStillTellsTheOutcome()
        {
            emulator.Fault("{'kind': 'wait', 'milliseconds': 30000, 'count': 2}");
            using (var client = emulator.Client())
            {
                using (var cancel = new CancellationTokenSource(1000))
                    Assert.IsNotNull(
                        (await Throws<OutcomeUnknownException>(client.CreateAsync(Emulator.Ada(), cancel.Token)))
                        .ReconcileToken);
                using (var cancel = new CancellationTokenSource(1000))
                {
                    var cancelled = await Throws<OperationCanceledException>(
                        client.RetrieveAsync("sess_1", cancel.Token));
                    Assert.AreEqual(cancel.Token, cancelled.CancellationToken);
                    await Throws<OperationCanceledException>(client.CreateAsync(Emulator.Ada(), cancel.Token));
                }
            }
        }

        [Test]
        public async Task FiftyTasksAtOnceWithGarbage()
        {
            using (var client = emulator.Client())
            {
                var tasks = Enumerable.Range(0, 50).Select(_ => client.CreateAsync(Emulator.Ada())).ToArray();
                for (var i = 0; i < 1000; i++)
                    Assert.Throws<DeepidvArgumentException>(() => new Applicant().Check());
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var sessions = await Task.WhenAll(tasks);
                Assert.AreEqual(50, sessions.Select(session => session.Id).Distinct().Count());
            }
        }

        [Test]
        public async Task ContinuationsMayBlock()
        {
            using (var client = emulator.Client())
            {
                var created = await client.CreateAsync(Emulator.Ada()).ConfigureAwait(false);
                Assert.AreEqual("PENDING", client.RetrieveAsync(created.Id).Result.Status);
            }
        }

        [Test]
        public async Task ClientsAreCollectedButNotInFlight()
        {
            var before = Descriptors();
            for (var i = 0; i < 50; i++)
            {
                var create = Abandoned();
                GC.Collect();
                Assert.IsNotNull((await create).Id);
            }
            // The collector is conservative: a few may be left.
            for (var i = 0; i < 200 && Descriptors() > before + 20; i++)
            {
                GC.Collect();
                Thread.Sleep(20);
            }
            Assert.LessOrEqual(Descriptors(), before + 20);
        }

        private Task<Session> Abandoned() => emulator.Client().CreateAsync(Emulator.Ada());

        private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

        [Test]
        public async Task DisposeEndsCallsInFlight()
        {
            emulator.Fault("{'kind': 'wait', 'milliseconds': 30000}");
            var client = emulator.Client();
            var retrieve = client.RetrieveAsync("sess_1");
            client.Dispose();
            client.Dispose();
            Assert.AreEqual(Status.Cancelled, (await Throws<DeepidvClientException>(retrieve)).Status);
            Assert.AreEqual(
                Status.Closed, (await Throws<DeepidvAnswerException>(client.RetrieveAsync("x"))).Status);
        }

        [Test]
        public void ProgramEndsWithOperationsInFlight()
        {
            emulator.Fault("{'kind': 'wait', 'milliseconds': 60000}");
            var start = new ProcessStartInfo("mono", Path.Combine(
                TestContext.CurrentContext.TestDirectory, "Abandon.exe")) { UseShellExecute = false };
            start.EnvironmentVariables["DEEPIDV_API_KEY"] = "dk_emulator";
            start.EnvironmentVariables["DEEPIDV_BASE_URL"] = emulator.Url;
            using (var program = Process.Start(start))
            {
                Assert.IsTrue(program.WaitForExit(20000));
                Assert.AreEqual(0, program.ExitCode);
            }
        }

        [Test]
        public async Task AnyRetryAfterKeepsTheOutcome()
        {
            const string answer =
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 99999999999999\r\nContent-Length: 0\r\n\r\n";
            using (var server = new RawServer(answer))
            using (var client = new Client(
                new Options { ApiKey = "x", BaseUrl = server.Url, RateLimit = 0, Timeout = TimeSpan.FromSeconds(1) }))
            {
                var unknown = await Throws<OutcomeUnknownException>(client.CreateAsync(Emulator.Ada()));
                Assert.IsNotNull(unknown.ReconcileToken);
                Assert.Greater(unknown.RetryAfter, TimeSpan.FromDays(100));
            }
        }
    }
}
