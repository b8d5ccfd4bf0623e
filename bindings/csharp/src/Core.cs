using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Deepidv
{
    /// <summary>
    /// What the thread that takes completions needs. It does not refer to the Client, except through calls in flight,
    /// so that a Client that was not disposed can be collected.
    /// </summary>
    internal sealed class Core
    {
        internal delegate int Submission(ClientHandle client, ulong tag, out ulong operation);

        private readonly Dictionary<ulong, TaskCompletionSource<ResultHandle>> pending =
            new Dictionary<ulong, TaskCompletionSource<ResultHandle>>();

        private readonly ClientHandle handle;
        private ulong tag;
        private bool running;
        private bool closed;

        internal Core(ClientHandle handle)
        {
            this.handle = handle;
        }

        internal Task<ResultHandle> Submit(Submission submission, out ulong operation)
        {
            // Continuations must not run on, and block, the thread that takes completions.
            var source = new TaskCompletionSource<ResultHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (pending)
            {
                if (closed)
                    throw Failure.Refused(Status.Closed, null);
                // All that may fail for lack of memory comes before the operation is submitted.
                if (!running)
                {
                    new Thread(Dispatch) { IsBackground = true, Name = "deepidv" }.Start();
                    running = true;
                }
                pending.Add(++tag, source);
                // The completion may arrive before the call returns, but Next waits for the lock.
                var status = submission(handle, tag, out operation);
                if (status != 0)
                    pending.Remove(tag);
                Failure.Check(status, null);
            }
            return source.Task;
        }

        /// <summary>
        /// Returns the result of a create whose request is not valid. Nothing is sent, so the call does not block.
        /// </summary>
        internal ResultHandle Refuse(SessionRequestHandle request)
        {
            lock (pending)
            {
                if (closed)
                    throw Failure.Refused(Status.Closed, null);
                ResultHandle result;
                var status = Native.deepidv_session_create(handle, request, out result);
                if (result.IsInvalid)
                    throw Failure.Refused((Status)status, null);
                return result;
            }
        }

        internal void Cancel(ulong operation)
        {
            lock (pending)
                if (!handle.IsClosed)
                    Native.deepidv_client_cancel(handle, operation);
        }

        internal void Close()
        {
            lock (pending)
            {
                if (closed)
                    return;
                closed = true;
                Native.deepidv_client_close(handle);
                if (!running)
                    handle.Dispose();
            }
        }

        private void Dispatch()
        {
            while (true)
            {
                // Mono ends a process only after its threads have left native code: hence short waits. A thread that
                // stays would hold objects on its stack.
                var status = (Status)Native.deepidv_client_wait(handle, 100);
                while (status == Status.Ok && Next()) { }
                lock (pending)
                {
                    if (status == Status.Ok || (status == Status.Timeout && pending.Count > 0))
                        continue;
                    running = false;
                    if (closed)
                        handle.Dispose();
                    return;
                }
            }
        }

        private bool Next()
        {
            EventStruct completed;
            ResultHandle result;
            if (Native.deepidv_client_next(handle, out completed, out result) != 0)
                return false;
            TaskCompletionSource<ResultHandle> source;
            lock (pending)
            {
                source = pending[completed.Tag];
                pending.Remove(completed.Tag);
            }
            source.SetResult(result);
            return true;
        }
    }
}
