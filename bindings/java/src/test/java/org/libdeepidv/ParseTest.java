package org.libdeepidv;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class ParseTest {
    @Test
    public void redirectIsDecoded() {
        Redirect redirect =
                Redirect.parse("/cb?x=%C3%BC+1&session_id=s%C3%A9ss&status=failed&reason=face_mismatch");
        assertEquals("séss", redirect.sessionId());
        assertEquals(RedirectStatus.FAILED, redirect.status());
        assertEquals(Reason.FACE_MISMATCH, redirect.reason());
        assertEquals("face_mismatch", redirect.reasonText());
        assertEquals(Optional.of("ü 1"), redirect.param("x"));
        assertEquals(Optional.empty(), redirect.param("y"));
        assertTrue(redirect.matches("séss"));
        assertFalse(redirect.matches("sess"));
        assertTrue(redirect.describe().contains("\"session_id\":\"séss\""));
        assertNull(Redirect.parse("").sessionId());
        assertEquals(Set.of(Fact.NO_SESSION_ID), Redirect.parse("").facts());
        assertTrue(Redirect.parse("?" + "x".repeat(20_000)).describe().length() > 20_000);
        byte[] bytes = {'?', 's', 'e', 's', 's', 'i', 'o', 'n', '_', 'i', 'd', '=', (byte) 0xff};
        assertEquals("\ufffd", Redirect.parse(bytes).sessionId());
    }

    @Test
    public void repeatedParameterIsRefused() {
        AnswerException failure =
                assertThrows(AnswerException.class, () -> Redirect.parse("?status=failed&status=success"));
        assertEquals(Status.REPEATED, failure.status());
    }

    @Test
    public void webhookIsVerifiedBeforeItIsRead() {
        byte[] body =
                "{\"type\": \"session.status.verified\", \"data\": {\"id\": \"s\", \"status\": \"VERIFIED\"}}"
                        .getBytes(StandardCharsets.UTF_8);
        Webhook webhook = Webhook.open(body, "whsec_b", "whsec_a", "whsec_b");
        assertEquals(WebhookType.SESSION_VERIFIED, webhook.type());
        assertEquals(Verdict.VERIFIED, webhook.verdict());
        assertTrue(webhook.supersedes(null));
        assertFalse(webhook.supersedes(webhook.key()));
        UntrustedException forged =
                assertThrows(UntrustedException.class, () -> Webhook.open(body, null, "whsec_a"));
        UntrustedException malformed =
                assertThrows(UntrustedException.class, () -> Webhook.open(new byte[0], "whsec_a", "whsec_a"));
        assertEquals(Status.WEBHOOK_SIGNATURE, forged.status());
        assertEquals(Status.WEBHOOK, malformed.status());
        assertEquals(forged.getMessage(), malformed.getMessage());
    }

    @Test
    public void theLibraryIsLoaded() {
        assertEquals(0, Deepidv.abiVersion() >>> 16);
        assertFalse(Deepidv.version().isEmpty());
        assertEquals("DEEPIDV_E_PHONE", Failure.code(Status.PHONE.number));
        Deepidv.libcurlProblem();
    }
}
