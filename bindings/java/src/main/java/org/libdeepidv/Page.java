package org.libdeepidv;

import java.util.List;

/**
 * A page of the list of sessions.
 *
 * @param ids the ids of the sessions
 * @param nextToken for the next page, or null on the last one
 * @param raw the body of the response, with the record of each session
 * @param describe the whole result as JSON
 */
public record Page(List<String> ids, String nextToken, byte[] raw, String describe) {}
