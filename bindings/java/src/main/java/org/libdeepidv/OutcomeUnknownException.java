package org.libdeepidv;

import java.util.List;

/**
 * A session may exist, and the applicant may have been invited. Do not repeat the create in another process: store the
 * token, and pass it to {@link Client#reconcile} later.
 */
public final class OutcomeUnknownException extends DeepidvException {
    private static final long serialVersionUID = 1L;

    private final String reconcileToken;

    OutcomeUnknownException(Failure failure) {
        super(failure);
        reconcileToken = failure.reconcileToken();
    }

    /** The token for {@link Client#reconcile}, in any process, or null. */
    public String reconcileToken() {
        return reconcileToken;
    }

    /** The sessions that were found, with DUPLICATE. */
    public List<String> sessionIds() {
        return failure.sessionIds();
    }
}
