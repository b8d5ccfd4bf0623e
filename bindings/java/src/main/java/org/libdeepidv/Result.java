package org.libdeepidv;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads a result. */
final class Result implements AutoCloseable {
    private final Pointer handle;

    Result(Pointer handle) {
        this.handle = handle;
    }

    @Override
    public void close() {
        Library.deepidv_result_free(handle);
    }

    /** Returns the session, or throws. A forged redirect is a verdict. */
    Session session() {
        Session session = read();
        if (status() != Status.OK.number && session.verdict() != Verdict.FORGED) {
            throw failure(session);
        }
        return session;
    }

    /** Returns the page, or throws. */
    Page page() {
        if (status() != Status.OK.number) {
            throw failure(read());
        }
        return new Page(
                texts(Library::deepidv_result_session_id_at),
                text(Library::deepidv_result_next_token),
                bytes(Library::deepidv_result_json),
                describe());
    }

    private int status() {
        return Library.deepidv_result_status(handle);
    }

    private Session read() {
        List<Session.Link> links =
                IntStream.range(0, Library.deepidv_result_link_count(handle))
                        .mapToObj(
                                index ->
                                        new Session.Link(
                                                textAt(Library::deepidv_result_link, index),
                                                textAt(Library::deepidv_result_link_rel, index)))
                        .toList();
        return new Session(
                text(Library::deepidv_result_session_id),
                text(Library::deepidv_result_session_url),
                text(Library::deepidv_result_external_id),
                text(Library::deepidv_result_expires_at),
                text(Library::deepidv_result_session_status),
                text(Library::deepidv_result_session_progress),
                Verdict.of(Library.deepidv_result_verdict(handle)),
                Library.deepidv_result_found(handle) != 0,
                Library.deepidv_result_reconciled(handle) != 0,
                Library.deepidv_result_attempts(handle),
                ResultFact.of(Library.deepidv_result_facts(handle)),
                links,
                bytes(Library::deepidv_result_json),
                describe());
    }

    /** Returns an empty text if memory ran out for it. */
    private String describe() {
        String text = text(Library::deepidv_result_describe);
        return text == null ? "" : text;
    }

    private DeepidvException failure(Session session) {
        Status status = Status.of(status());
        boolean seen = status == Status.TIMEOUT && session.id() != null;
        return status.exception(
                new Failure(
                        status(),
                        Library.deepidv_result_cause(handle),
                        text(Library::deepidv_result_field),
                        Library.deepidv_result_http_status(handle),
                        Duration.ofMillis(Library.deepidv_result_retry_after_ms(handle)),
                        text(Library::deepidv_result_api_code),
                        text(Library::deepidv_result_request_id),
                        session.externalId(),
                        text(Library::deepidv_result_message),
                        texts(Library::deepidv_result_hint),
                        text(Library::deepidv_result_reconcile_token),
                        texts(Library::deepidv_result_session_id_at),
                        seen ? session : null,
                        session.describe(),
                        true));
    }

    private interface Getter {
        Pointer get(Pointer result, LongByReference length);
    }

    private interface GetterAt {
        Pointer get(Pointer result, int index, LongByReference length);
    }

    private byte[] bytes(Getter getter) {
        LongByReference length = new LongByReference();
        return Convert.bytes(getter.get(handle, length), length);
    }

    private String text(Getter getter) {
        LongByReference length = new LongByReference();
        return Convert.string(getter.get(handle, length), length);
    }

    private String textAt(GetterAt getter, int index) {
        LongByReference length = new LongByReference();
        return Convert.string(getter.get(handle, index, length), length);
    }

    /** Reads until the first text that is absent. */
    private List<String> texts(GetterAt getter) {
        List<String> all = new ArrayList<>();
        for (String text; (text = textAt(getter, all.size())) != null; ) {
            all.add(text);
        }
        return List.copyOf(all);
    }
}
