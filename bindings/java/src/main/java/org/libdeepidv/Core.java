package org.libdeepidv;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.HashMap;
import java.util.Map;

/**
 * What the thread that takes completions needs. It does not refer to the Client, except through operations in flight, so
 * that a Client that was not closed can be collected.
 */
final class Core implements Runnable {
    private final Map<Long, Operation<?>> pending = new HashMap<>();
    private Pointer handle;
    private long tag;
    private boolean started;
    private boolean closed;

    Core(Pointer handle) {
        this.handle = handle;
    }

    /** Calls a _submit function. */
    interface Submission {
        int submit(Pointer client, long tag, LongByReference operation);
    }

    synchronized <T> Operation<T> submit(Operation<T> operation, Submission submission) {
        if (closed) {
            throw Failure.refused(Status.CLOSED.number, null);
        }
        // All that may fail for lack of memory comes before the operation is submitted.
        LongByReference number = new LongByReference();
        if (!started) {
            Thread thread = new Thread(this::dispatch, "deepidv");
            thread.setDaemon(true);
            thread.start();
            started = true;
        }
        pending.put(++tag, operation);
        // The completion may arrive before submit returns, but next() waits for this lock.
        int status = submission.submit(handle, tag, number);
        if (status != 0) {
            pending.remove(tag);
        }
        Failure.check(status, null);
        operation.number = number.getValue();
        return operation;
    }

    /** Completes a create whose request is not valid. Nothing is sent, so the call does not block. */
    synchronized <T> Operation<T> refuse(Operation<T> operation, Pointer request) {
        if (closed) {
            throw Failure.refused(Status.CLOSED.number, null);
        }
        PointerByReference result = new PointerByReference();
        int status = Library.deepidv_session_create(handle, request, result);
        if (result.getValue() == null) {
            throw Failure.refused(status, null);
        }
        operation.finish(new Result(result.getValue()));
        return operation;
    }

    synchronized void cancel(long operation) {
        if (handle != null) {
            Library.deepidv_client_cancel(handle, operation);
        }
    }

    /** Closes the client. Its thread frees it. */
    @Override
    public synchronized void run() {
        if (closed) {
            return;
        }
        closed = true;
        Library.deepidv_client_close(handle);
        if (!started) {
            free();
        }
    }

    private synchronized void free() {
        Library.deepidv_client_free(handle);
        handle = null;
    }

    private void dispatch() {
        while (Library.deepidv_client_wait(handle, -1) == 0) {
            while (next()) {
                // All that there are.
            }
        }
        free();
    }

    private boolean next() {
        try (Memory event = new Memory(Library.EVENT_SIZE)) {
            PointerByReference result = new PointerByReference();
            if (Library.deepidv_client_next(handle, event, result) != 0) {
                return false;
            }
            Operation<?> operation;
            synchronized (this) {
                operation = pending.remove(event.getLong(Library.EVENT_TAG));
            }
            operation.finish(new Result(result.getValue()));
            return true;
        }
    }
}
