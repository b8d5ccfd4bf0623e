package org.libdeepidv;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sends requests to the service. One client serves a whole process, from any number of threads.
 *
 * <p>The methods block; those that end with Async return a future. Cancelling a future cancels the operation, but does not
 * complete the future at once: its result says whether a session may exist. If a thread that blocks is interrupted, the
 * operation is cancelled in the same way, and the thread stays interrupted.
 */
public final class Client implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    final Core core;
    private final Cleaner.Cleanable cleanable;

    /** Creates a client. It opens no connection before the first call. */
    public Client(Options options) {
        PointerByReference client = new PointerByReference();
        Pointer config = config(options);
        try {
            Failure.check(Library.deepidv_client_new(config, client), null);
        } finally {
            Library.deepidv_config_free(config);
        }
        core = new Core(client.getValue());
        cleanable = CLEANER.register(this, core);
    }

    private static Pointer config(Options options) {
        PointerByReference config = new PointerByReference();
        Failure.check(Library.deepidv_config_new(config), null);
        try {
            if (options.environment) {
                PointerByReference key = new PointerByReference();
                int status = Library.deepidv_config_from_env(config.getValue(), key);
                Failure.check(status, Convert.constant(key.getValue()));
            }
            // allow_http_hosts must be set before base_url.
            options.values.entrySet().stream()
                    .sorted((a, b) -> Boolean.compare(!isFirst(a), !isFirst(b)))
                    .forEach(option -> set(config.getValue(), option.getKey(), option.getValue()));
        } catch (RuntimeException exception) {
            Library.deepidv_config_free(config.getValue());
            throw exception;
        }
        return config.getValue();
    }

    private static boolean isFirst(Map.Entry<String, String> option) {
        return option.getKey().equals("allow_http_hosts");
    }

    private static void set(Pointer config, String key, String text) {
        byte[] name = Convert.utf8(key);
        byte[] value = Convert.utf8(text);
        Failure.check(Library.deepidv_config_set(config, name, name.length, value, value.length), key);
    }

    /** Checks each option, but not the options against each other. */
    public static void check(Options options) {
        Library.deepidv_config_free(config(options));
    }

    /** Checks an applicant without sending it. */
    public static void check(Applicant applicant) {
        Pointer request = request(applicant, false);
        PointerByReference field = new PointerByReference();
        int status = Library.deepidv_session_request_validate(request, field);
        Library.deepidv_session_request_free(request);
        Failure.check(status, Convert.constant(field.getValue()));
    }

    /** Returns a request that may lack fields. */
    private static Pointer request(Applicant applicant, boolean search) {
        PointerByReference created = new PointerByReference();
        Failure.check(Library.deepidv_session_request_new(created), null);
        Pointer request = created.getValue();
        PointerByReference field = new PointerByReference();
        try {
            if (applicant.json != null) {
                byte[] json = Convert.utf8(applicant.json);
                int status = Library.deepidv_session_request_set_json(request, json, json.length, field, null);
                Failure.check(status, Convert.constant(field.getValue()));
            }
            applicant.setFields(request);
            Library.deepidv_session_request_set_search_first(request, search ? 1 : 0);
        } catch (RuntimeException exception) {
            Library.deepidv_session_request_free(request);
            throw exception;
        }
        return request;
    }

    private <T> Operation<T> submit(Function<Result, T> reader, Core.Submission submission) {
        try {
            return core.submit(new Operation<>(this, reader), submission);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private Operation<Session> create(Applicant applicant, boolean search) {
        Pointer request = request(applicant, search);
        try {
            if (Library.deepidv_session_request_validate(request, null) != 0) {
                return core.refuse(new Operation<>(this, Result::session), request);
            }
            return submit(
                    Result::session, (c, tag, op) -> Library.deepidv_session_create_submit(c, request, tag, op));
        } finally {
            Library.deepidv_session_request_free(request);
        }
    }

    /** Creates a session, which costs tokens and invites the applicant. */
    public Session create(Applicant applicant) {
        return create(applicant, false).await();
    }

    /** Creates a session, which costs tokens and invites the applicant. */
    public CompletableFuture<Session> createAsync(Applicant applicant) {
        return create(applicant, false);
    }

    /**
     * Searches for the session with the external id of the applicant, and creates it if there is none. For callers that
     * may run twice, such as the jobs of a queue.
     */
    public Session findOrCreate(Applicant applicant) {
        return create(applicant, true).await();
    }

    /** Searches for the session with the external id of the applicant, and creates it if there is none. */
    public CompletableFuture<Session> findOrCreateAsync(Applicant applicant) {
        return create(applicant, true);
    }

    /** Retrieves the record of a session. Only the record confirms an outcome. */
    public Session retrieve(String sessionId) {
        return startRetrieve(sessionId).await();
    }

    /** Retrieves the record of a session. */
    public CompletableFuture<Session> retrieveAsync(String sessionId) {
        return startRetrieve(sessionId);
    }

    private Operation<Session> startRetrieve(String sessionId) {
        byte[] id = Convert.utf8(sessionId);
        return submit(
                Result::session,
                (c, tag, op) -> Library.deepidv_session_retrieve_submit(c, id, id.length, tag, op));
    }

    /**
     * Retrieves a page of sessions: those with this external id, or all if it is null. A limit of 0 is the default of
     * the service. nextToken is from the previous page, or null.
     */
    public Page list(String externalId, int limit, String nextToken) {
        return startList(externalId, limit, nextToken).await();
    }

    /** Retrieves a page of sessions. */
    public CompletableFuture<Page> listAsync(String externalId, int limit, String nextToken) {
        return startList(externalId, limit, nextToken);
    }

    private Operation<Page> startList(String externalId, int limit, String nextToken) {
        byte[] id = externalId == null ? null : Convert.utf8(externalId);
        byte[] next = nextToken == null ? null : Convert.utf8(nextToken);
        return submit(
                Result::page,
                (c, tag, op) ->
                        Library.deepidv_session_list_submit(
                                c, id, Convert.length(id), limit, next, Convert.length(next), tag, op));
    }

    /** Verifies or rejects a session. */
    public Session updateStatus(String sessionId, Decision decision) {
        return startUpdate(sessionId, decision).await();
    }

    /** Verifies or rejects a session. */
    public CompletableFuture<Session> updateStatusAsync(String sessionId, Decision decision) {
        return startUpdate(sessionId, decision);
    }

    private Operation<Session> startUpdate(String sessionId, Decision decision) {
        byte[] id = Convert.utf8(sessionId);
        return submit(
                Result::session,
                (c, tag, op) ->
                        Library.deepidv_session_update_status_submit(c, id, id.length, decision.number, tag, op));
    }

    /**
     * Compares a redirect with the session that you expect, and retrieves that session. Accept the applicant only if the
     * verdict is VERIFIED. A forged redirect is a verdict, not an exception.
     */
    public Session confirm(String redirect, String sessionId) {
        return startConfirm(redirect, sessionId).await();
    }

    /** Compares a redirect with the session that you expect, and retrieves that session. */
    public CompletableFuture<Session> confirmAsync(String redirect, String sessionId) {
        return startConfirm(redirect, sessionId);
    }

    private Operation<Session> startConfirm(String redirect, String sessionId) {
        byte[] url = Convert.utf8(redirect);
        byte[] id = Convert.utf8(sessionId);
        return submit(
                Result::session,
                (c, tag, op) -> Library.deepidv_redirect_confirm_submit(c, url, url.length, id, id.length, tag, op));
    }

    /** Searches for the session of a create whose outcome is unknown. */
    public Session reconcile(String token) {
        return startReconcile(token).await();
    }

    /** Searches for the session of a create whose outcome is unknown. */
    public CompletableFuture<Session> reconcileAsync(String token) {
        return startReconcile(token);
    }

    private Operation<Session> startReconcile(String token) {
        byte[] text = Convert.utf8(token);
        return submit(
                Result::session,
                (c, tag, op) -> Library.deepidv_session_reconcile_submit(c, text, text.length, tag, op));
    }

    /** Waits until a session is decided, or cannot be any more. After the timeout the status is TIMEOUT. */
    public Session waitForDecision(String sessionId, Duration timeout) {
        return startWait(sessionId, timeout).await();
    }

    /** Waits until a session is decided, or cannot be any more. */
    public CompletableFuture<Session> waitForDecisionAsync(String sessionId, Duration timeout) {
        return startWait(sessionId, timeout);
    }

    private Operation<Session> startWait(String sessionId, Duration timeout) {
        byte[] id = Convert.utf8(sessionId);
        int limit = Convert.unsigned(Convert.milliseconds(timeout));
        return submit(
                Result::session,
                (c, tag, op) -> Library.deepidv_session_wait_submit(c, id, id.length, limit, tag, op));
    }

    /** Cancels all calls in flight, which still complete, and accepts no more. */
    @Override
    public void close() {
        cleanable.clean();
    }
}
