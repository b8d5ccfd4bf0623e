package org.libdeepidv;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A call in flight. It is completed in the common pool, never by a thread of the client.
 *
 * @param <T> what the call returns
 */
final class Operation<T> extends CompletableFuture<T> {
    /** Keeps the client alive as long as the operation is in flight. */
    private final Client client;

    private final Function<Result, T> reader;
    volatile long number;

    Operation(Client client, Function<Result, T> reader) {
        this.client = client;
        this.reader = reader;
    }

    void finish(Result result) {
        try {
            defaultExecutor().execute(() -> read(result));
        } catch (RuntimeException | OutOfMemoryError exception) {
            // The pool takes no more, or there is no other thread. The outcome is still to be told.
            read(result);
        }
    }

    private void read(Result result) {
        try (result) {
            complete(reader.apply(result));
        } catch (Throwable failure) {
            completeExceptionally(failure);
        }
    }

    /**
     * Cancels the operation. It still completes, because its result says whether a session may exist: so this returns
     * false, and the future is not cancelled in the sense of Java.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        client.core.cancel(number);
        return false;
    }

    /** Waits. If the thread is interrupted, cancels, still waits, and leaves the thread interrupted. */
    T await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return get();
                } catch (InterruptedException exception) {
                    interrupted = true;
                    cancel(true);
                } catch (java.util.concurrent.ExecutionException exception) {
                    if (exception.getCause() instanceof DeepidvException failure) {
                        // The caller's stack is of more use.
                        failure.fillInStackTrace();
                        throw failure;
                    }
                    throw new IllegalStateException(exception.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
