package org.libdeepidv;

import java.time.Duration;
import java.util.List;

/** What an exception is made of. */
record Failure(
        int status,
        int cause,
        String field,
        int httpStatus,
        Duration retryAfter,
        String apiCode,
        String requestId,
        String externalId,
        String apiMessage,
        List<String> hints,
        String reconcileToken,
        List<String> sessionIds,
        Session session,
        String describe,
        boolean hasResult) {

    /** A call that was refused before it had a result. */
    static DeepidvException refused(int status, String field) {
        Failure failure =
                new Failure(
                        status, status, field, 0, Duration.ZERO, null, null, null, null, List.of(), null, List.of(),
                        null, "", false);
        return Status.of(status).exception(failure);
    }

    static void check(int status, String field) {
        if (status != 0) {
            throw refused(status, field);
        }
    }

    static String code(int status) {
        return Convert.constant(Library.deepidv_status_name(status));
    }

    String message() {
        if (Status.of(status).kind == Status.Kind.UNTRUSTED) {
            // One text, so that a forger learns nothing.
            return "The signature or the body of the webhook was not accepted.";
        }
        String words = code(status) + (field == null ? "" : " (" + field + ")");
        words += ": " + Convert.constant(Library.deepidv_status_text(status));
        return cause == status ? words : words + " Cause: " + code(cause) + ".";
    }
}
