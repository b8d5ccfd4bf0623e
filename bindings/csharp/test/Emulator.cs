using System;
using System.Diagnostics;
using System.Net;
using System.Threading;

namespace Deepidv.Tests
{
    /// <summary>An emulator process. DEEPIDV_EMULATOR is its path.</summary>
    internal sealed class Emulator : IDisposable
    {
        private static int people;
        private readonly Process process;

        internal string Url { get; }

        internal Emulator()
        {
            process = Process.Start(
                new ProcessStartInfo(
                    Environment.GetEnvironmentVariable("DEEPIDV_EMULATOR"), "--port 0 --rate 0 --exit-with-parent")
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                });
            var line = process.StandardOutput.ReadLine();
            Url = line.Substring(line.LastIndexOf(' ') + 1);
        }

        internal Options Options => new Options { ApiKey = "dk_emulator", BaseUrl = Url, RateLimit = 0 };

        internal Client Client() => new Client(Options);

        /// <summary>Another applicant each time, because a repeated create is guarded.</summary>
        internal static Applicant Ada(string externalId = null)
        {
            return new Applicant
            {
                FirstName = "Ада",
                LastName = "Lovelace " + Interlocked.Increment(ref people),
                Email = "ada@example.com",
                Phone = "+15192223333",
                ExternalId = externalId,
            };
        }

        internal void Fault(string json) => Send("POST", json.Replace('\'', '"'));

        internal void NoFaults() => Send("DELETE", "");

        private void Send(string method, string body)
        {
            using (var web = new WebClient())
            {
                web.Headers["Content-Type"] = "application/json";
                web.UploadString(Url + "/emulator/faults", method, body);
            }
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
        }
    }
}
