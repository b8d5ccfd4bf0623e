package org.libdeepidv;

import java.time.Duration;
import java.util.List;

/**
 * A call that failed. The message has no personal data; apiMessage, hints, session and describe may have some. There is a
 * subclass for each class of failures.
 */
public abstract class DeepidvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Not serialized: it may have personal data. */
    final transient Failure failure;

    private final Status status;
    private final String code;
    private final boolean retryable;

    DeepidvException(Failure failure) {
        super(failure.message());
        this.failure = failure;
        status = Status.of(failure.status());
        code = Failure.code(failure.status());
        // With a result, the timeout of a lookup.
        retryable = status.retryable || (status == Status.TIMEOUT && failure.hasResult());
    }

    /** The status. */
    public Status status() {
        return status;
    }

    /** The name of the status in C, such as DEEPIDV_E_PHONE. */
    public String code() {
        return code;
    }

    /** Whether the same call is safe to repeat. Never after an unknown outcome. */
    public boolean retryable() {
        return retryable;
    }

    /** The reason, such as CONNECT; otherwise equal to the status. */
    public Status causeStatus() {
        return Status.of(failure.cause());
    }

    /** The option, field or parameter that was refused, or null. */
    public String field() {
        return failure.field();
    }

    /** The HTTP status, or 0 if there was no response. */
    public int httpStatus() {
        return failure.httpStatus();
    }

    /** How long to wait before the next request. */
    public Duration retryAfter() {
        return failure.retryAfter();
    }

    /** The error code of the service, or null. */
    public String apiCode() {
        return failure.apiCode();
    }

    /** The id that the service gave the request, for its support, or null. */
    public String requestId() {
        return failure.requestId();
    }

    /** The external id of the create: yours, or the one that the library made. */
    public String externalId() {
        return failure.externalId();
    }

    /** The message of the service. May contain personal data. */
    public String apiMessage() {
        return failure.apiMessage();
    }

    /** Details that the service adds. May contain personal data. */
    public List<String> hints() {
        return failure.hints();
    }

    /** Of a wait: the record that was seen last, or null. */
    public Session session() {
        return failure.session();
    }

    /** The whole result as JSON, or empty if nothing was sent. May contain personal data. */
    public String describe() {
        return failure.describe();
    }
}
