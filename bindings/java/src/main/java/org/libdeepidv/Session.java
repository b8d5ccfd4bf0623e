package org.libdeepidv;

import java.util.List;
import java.util.Set;

/**
 * A session of the service. Its texts may contain personal data; a text that is absent is null.
 *
 * @param id the id
 * @param url the URL for the applicant; only a create returns it
 * @param externalId your external id, or the one that the library made
 * @param expiresAt when it expires, in ISO 8601
 * @param status the status in the service's words, such as VERIFIED
 * @param progress the progress in the service's words
 * @param verdict what the status means
 * @param found it existed before findOrCreate
 * @param reconciled it was found by a search, so it has no URL
 * @param attempts how many times the request was sent
 * @param facts what is missing here
 * @param links the links of the response
 * @param raw the body of the response
 * @param describe the whole result as JSON
 */
public record Session(
        String id,
        String url,
        String externalId,
        String expiresAt,
        String status,
        String progress,
        Verdict verdict,
        boolean found,
        boolean reconciled,
        int attempts,
        Set<ResultFact> facts,
        List<Link> links,
        byte[] raw,
        String describe) {

    /**
     * A link of the response.
     *
     * @param url where it leads
     * @param rel what it is, or null
     */
    public record Link(String url, String rel) {}
}
