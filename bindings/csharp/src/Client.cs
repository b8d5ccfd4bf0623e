using System;
using System.Threading;
using System.Threading.Tasks;

namespace Deepidv
{
    /// <summary>
    /// Sends requests to the service. One client serves a whole process, from any number of threads.
    /// </summary>
    /// <remarks>
    /// When a token is cancelled, the operation is cancelled and its result awaited, because only the result says
    /// whether a session may exist: OutcomeUnknownException if it may, OperationCanceledException if not.
    /// </remarks>
    public sealed class Client : IDisposable
    {
        private readonly Core core;

        static Client()
        {
            var version = Native.deepidv_abi_version();
            if (version >> 16 != Native.Major || (version & 0xffff) < Native.Minor)
                throw new DllNotFoundException("libdeepidv " + Version + " has another interface.");
        }

        /// <summary>Creates a client. It opens no connection before the first call.</summary>
        public Client(Options options)
        {
            using (var config = options.Config())
            {
                ClientHandle client;
                Failure.Check(Native.deepidv_client_new(config, out client), null);
                core = new Core(client);
            }
        }

        /// <summary>Closes a client that was not disposed.</summary>
        ~Client()
        {
            if (core != null)
                core.Close();
        }

        /// <summary>The version of the loaded library.</summary>
        public static string Version => Text.Constant(Native.deepidv_version());

        /// <summary>The version of the interface of the loaded library: major * 65536 + minor.</summary>
        public static uint AbiVersion => Native.deepidv_abi_version();

        /// <summary>What is wrong with the libcurl that is loaded. Log it once, unless it is empty.</summary>
        public static string LibcurlProblem
        {
            get
            {
                var buffer = new byte[256];
                UIntPtr length;
                Failure.Check(Native.deepidv_libcurl_problem(buffer, (UIntPtr)buffer.Length, out length), null);
                return System.Text.Encoding.UTF8.GetString(buffer, 0, (int)length);
            }
        }

        /// <summary>Cancels all calls in flight, which still end, and accepts no more.</summary>
        public void Dispose()
        {
            GC.SuppressFinalize(this);
            core.Close();
        }

        /// <summary>Creates a session, which costs tokens and invites the applicant.</summary>
        public Task<Session> CreateAsync(Applicant applicant, CancellationToken token = default(CancellationToken))
        {
            return CreateAsync(applicant, false, token);
        }

        /// <summary>
        /// Searches for the session with the external id of the applicant, and creates it if there is none. For
        /// callers that may run twice, such as the jobs of a queue.
        /// </summary>
        public Task<Session> FindOrCreateAsync(
            Applicant applicant, CancellationToken token = default(CancellationToken))
        {
            return CreateAsync(applicant, true, token);
        }

        private async Task<Session> CreateAsync(Applicant applicant, bool search, CancellationToken token)
        {
            using (var request = applicant.Request(search))
            {
                IntPtr field;
                token.ThrowIfCancellationRequested();
                if (Native.deepidv_session_request_validate(request, out field) != 0)
                    using (var result = core.Refuse(request))
                        return Result.Session(result);
                return await RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
                    Native.deepidv_session_create_submit(client, request, tag, out op)).ConfigureAwait(false);
            }
        }

        /// <summary>Retrieves the record of a session. Only the record confirms an outcome.</summary>
        public Task<Session> RetrieveAsync(string sessionId, CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                var id = Text.Utf8(sessionId);
                return Native.deepidv_session_retrieve_submit(client, id, Text.Length(id), tag, out op);
            });
        }

        /// <summary>
        /// Retrieves a page of sessions: those with this external id, or all if it is null. A limit of 0 is the
        /// default of the service. nextToken is from the previous page, or null.
        /// </summary>
        public Task<Page> ListAsync(
            string externalId = null, uint limit = 0, string nextToken = null,
            CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Page, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                byte[] id = Text.Utf8(externalId), next = Text.Utf8(nextToken);
                return Native.deepidv_session_list_submit(
                    client, id, Text.Length(id), limit, next, Text.Length(next), tag, out op);
            });
        }

        /// <summary>Verifies or rejects a session.</summary>
        public Task<Session> UpdateStatusAsync(
            string sessionId, Decision decision, CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                var id = Text.Utf8(sessionId);
                return Native.deepidv_session_update_status_submit(
                    client, id, Text.Length(id), (int)decision, tag, out op);
            });
        }

        /// <summary>
        /// Compares a redirect with the session that you expect, and retrieves that session. Accept the applicant
        /// only if the verdict is Verified. A forged redirect is a verdict, not an exception.
        /// </summary>
        public Task<Session> ConfirmAsync(
            string redirect, string sessionId, CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                byte[] url = Text.Utf8(redirect), id = Text.Utf8(sessionId);
                return Native.deepidv_redirect_confirm_submit(
                    client, url, Text.Length(url), id, Text.Length(id), tag, out op);
            });
        }

        /// <summary>Searches for the session of a create whose outcome is unknown.</summary>
        public Task<Session> ReconcileAsync(
            string reconcileToken, CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                var text = Text.Utf8(reconcileToken);
                return Native.deepidv_session_reconcile_submit(client, text, Text.Length(text), tag, out op);
            });
        }

        /// <summary>
        /// Waits until a session is decided, or cannot be any more. After the timeout the status is Timeout.
        /// </summary>
        public Task<Session> WaitAsync(
            string sessionId, TimeSpan timeout, CancellationToken token = default(CancellationToken))
        {
            return RunAsync(Result.Session, token, (ClientHandle client, ulong tag, out ulong op) =>
            {
                var id = Text.Utf8(sessionId);
                return Native.deepidv_session_wait_submit(
                    client, id, Text.Length(id), Text.Milliseconds(timeout), tag, out op);
            });
        }

        private async Task<T> RunAsync<T>(
            Func<ResultHandle, T> reader, CancellationToken token, Core.Submission submission)
        {
            token.ThrowIfCancellationRequested();
            ulong operation;
            var completion = core.Submit(submission, out operation);
            using (token.Register(() => core.Cancel(operation)))
            using (var result = await completion.ConfigureAwait(false))
            {
                // Until here, the call in flight keeps the client from being collected.
                GC.KeepAlive(this);
                try
                {
                    return reader(result);
                }
                catch (DeepidvException failure)
                    when (token.IsCancellationRequested && !(failure is OutcomeUnknownException))
                {
                    throw new OperationCanceledException(failure.Message, failure, token);
                }
            }
        }
    }
}
