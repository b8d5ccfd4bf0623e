package org.libdeepidv;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * An event whose signature was verified.
 *
 * @param type the type
 * @param key see {@link #supersedes}
 * @param verdict what the status of the session means; retrieve the session before you act on it
 * @param describe the event as JSON: see deepidv_webhook_describe
 */
public record Webhook(WebhookType type, String key, Verdict verdict, String describe) {
    /**
     * Verifies the header deepidv-signature, which may be null, with the secrets, then reads the body. Answer
     * WEBHOOK_SIGNATURE with 401, WEBHOOK with 400 and TOO_LONG with 413.
     */
    public static Webhook open(byte[] body, String signature, String... secrets) {
        PointerByReference keys = new PointerByReference();
        PointerByReference webhook = new PointerByReference();
        Failure.check(Library.deepidv_webhook_secrets_new(keys), null);
        try {
            for (String secret : secrets) {
                byte[] text = Convert.utf8(secret);
                Failure.check(Library.deepidv_webhook_secrets_add(keys.getValue(), text, text.length), "secrets");
            }
            byte[] sent = signature == null ? null : Convert.utf8(signature);
            Failure.check(
                    Library.deepidv_webhook_open(
                            keys.getValue(), sent, Convert.length(sent), body, body.length, webhook),
                    null);
            Pointer handle = webhook.getValue();
            LongByReference length = new LongByReference();
            return new Webhook(
                    WebhookType.of(Library.deepidv_webhook_type(handle)),
                    Convert.string(Library.deepidv_webhook_key(handle, length), length),
                    Verdict.of(Library.deepidv_webhook_verdict(handle)),
                    Convert.string(Library.deepidv_webhook_describe(handle, length), length));
        } finally {
            Library.deepidv_webhook_free(webhook.getValue());
            Library.deepidv_webhook_secrets_free(keys.getValue());
        }
    }

    /** Whether the event replaces the one with this key, which may be null. */
    public boolean supersedes(String other) {
        byte[] own = Convert.utf8(key);
        byte[] before = other == null ? null : Convert.utf8(other);
        return Library.deepidv_webhook_supersedes(own, own.length, before, Convert.length(before)) == 1;
    }
}
