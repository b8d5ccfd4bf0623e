package org.libdeepidv;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What the query of a redirect claims, decoded. Nothing in it is signed: see {@link Client#confirm}. A text that is absent
 * is null.
 */
public final class Redirect {
    private final byte[] url;
    private final Memory parsed = new Memory(Library.REDIRECT_SIZE);

    private Redirect(byte[] url) {
        this.url = url;
        Failure.check(Library.deepidv_redirect_parse(url, url.length, parsed), null);
    }

    /** Reads a redirect: an absolute URL, a path with a query, or a query. */
    public static Redirect parse(String url) {
        return new Redirect(Convert.utf8(url));
    }

    /** Reads a redirect as received. */
    public static Redirect parse(byte[] url) {
        return new Redirect(url.clone());
    }

    // The offsets are those of deepidv_redirect, whose layout never changes.

    /** The session id. */
    public String sessionId() {
        return text(1, 16);
    }

    /** The status. */
    public RedirectStatus status() {
        return RedirectStatus.of(parsed.getInt(4));
    }

    /** The status as received. */
    public String statusText() {
        return text(2, 24);
    }

    /** The reason. */
    public Reason reason() {
        return Reason.of(parsed.getInt(8));
    }

    /** The reason as received. */
    public String reasonText() {
        return text(4, 32);
    }

    /** Anomalies. They are not errors, but a forged URL often has one. */
    public Set<Fact> facts() {
        return Fact.of(parsed.getInt(12));
    }

    /** Compares the session id with the one that you stored, in constant time. */
    public boolean matches(String sessionId) {
        byte[] id = Convert.utf8(sessionId);
        return Library.deepidv_redirect_matches(url, url.length, parsed, id, id.length) == 0;
    }

    /** Returns one of your own parameters, decoded. */
    public Optional<String> param(String name) {
        byte[] utf8 = Convert.utf8(name);
        try (Memory span = new Memory(8)) {
            int status = Library.deepidv_redirect_param(url, url.length, utf8, utf8.length, span);
            if (status == Status.ABSENT.number) {
                return Optional.empty();
            }
            Failure.check(status, name);
            return Optional.of(decode(span));
        }
    }

    /** Returns the redirect as JSON: see deepidv_redirect_describe. */
    public String describe() {
        LongByReference length = new LongByReference();
        byte[] buffer = new byte[8192];
        int status = Library.deepidv_redirect_describe(url, url.length, buffer, buffer.length, length);
        if (status == Status.BUFFER.number) {
            buffer = new byte[Math.toIntExact(length.getValue()) + 1];
            status = Library.deepidv_redirect_describe(url, url.length, buffer, buffer.length, length);
        }
        Failure.check(status, null);
        return new String(buffer, 0, (int) length.getValue(), StandardCharsets.UTF_8);
    }

    private String text(int bit, int offset) {
        return (parsed.getInt(0) & bit) == 0 ? null : decode(parsed.share(offset));
    }

    private String decode(Pointer span) {
        LongByReference length = new LongByReference();
        byte[] buffer = new byte[Math.addExact(span.getInt(4), 1)];
        int status = Library.deepidv_span_decode(url, url.length, span, buffer, buffer.length, length);
        // These are written nevertheless, and the facts tell.
        if (status != Status.UTF8.number && status != Status.NUL.number) {
            Failure.check(status, null);
        }
        return new String(buffer, 0, (int) length.getValue(), StandardCharsets.UTF_8);
    }
}
