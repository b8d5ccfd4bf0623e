// Generated from Sources/ABI by abigen (make abi). Do not edit.

import DeepIDVCore

/// The library's version.
var libraryVersion: StaticString { "0.1.0" }

/// The macro name of each status, such as `DEEPIDV_OK`.
@inline(never)
func statusNames() -> ConstantTexts {
  ConstantTexts(
    """
    000DEEPIDV_OK\0\
    001DEEPIDV_E_NULL\0\
    002DEEPIDV_E_LENGTH\0\
    003DEEPIDV_E_TOO_LONG\0\
    004DEEPIDV_E_NUL\0\
    005DEEPIDV_E_UTF8\0\
    006DEEPIDV_E_CONTROL\0\
    007DEEPIDV_E_RANGE\0\
    008DEEPIDV_E_HANDLE\0\
    009DEEPIDV_E_KEY\0\
    010DEEPIDV_E_BUFFER\0\
    011DEEPIDV_E_NOMEM\0\
    012DEEPIDV_E_SYSTEM\0\
    013DEEPIDV_E_TOKEN\0\
    014DEEPIDV_E_PATH\0\
    015DEEPIDV_E_LIBCURL\0\
    020DEEPIDV_E_REQUIRED\0\
    021DEEPIDV_E_EMAIL\0\
    022DEEPIDV_E_PHONE\0\
    023DEEPIDV_E_URL\0\
    024DEEPIDV_E_SCHEME\0\
    025DEEPIDV_E_USERINFO\0\
    026DEEPIDV_E_TYPE\0\
    027DEEPIDV_E_FIELD\0\
    028DEEPIDV_E_SHORT_KEY\0\
    029DEEPIDV_E_CA_FILE\0\
    030DEEPIDV_E_HTTP_PROXY\0\
    031DEEPIDV_E_PROXY_SCHEME\0\
    032DEEPIDV_E_TRACEPARENT\0\
    040DEEPIDV_E_JSON\0\
    041DEEPIDV_E_JSON_DEPTH\0\
    042DEEPIDV_E_JSON_OBJECT\0\
    043DEEPIDV_E_JSON_DUPLICATE\0\
    050DEEPIDV_E_REPEATED\0\
    051DEEPIDV_E_MISMATCH\0\
    059DEEPIDV_E_ABSENT\0\
    060DEEPIDV_E_FORKED\0\
    061DEEPIDV_E_CLOSED\0\
    062DEEPIDV_E_BUSY\0\
    063DEEPIDV_E_EMPTY\0\
    064DEEPIDV_E_TIMEOUT\0\
    065DEEPIDV_E_NO_OPERATION\0\
    066DEEPIDV_E_CANCELLED\0\
    070DEEPIDV_E_STATE\0\
    071DEEPIDV_E_STATE_SIGNATURE\0\
    072DEEPIDV_E_STATE_CONTEXT\0\
    073DEEPIDV_E_STATE_EXPIRED\0\
    074DEEPIDV_E_WEBHOOK_SIGNATURE\0\
    075DEEPIDV_E_WEBHOOK\0\
    080DEEPIDV_E_NOT_SENT\0\
    081DEEPIDV_E_NOT_PROCESSED\0\
    082DEEPIDV_E_OUTCOME_UNKNOWN\0\
    083DEEPIDV_E_DUPLICATE\0\
    090DEEPIDV_E_BAD_REQUEST\0\
    091DEEPIDV_E_UNAUTHORIZED\0\
    092DEEPIDV_E_BALANCE\0\
    093DEEPIDV_E_FORBIDDEN\0\
    094DEEPIDV_E_NOT_FOUND\0\
    095DEEPIDV_E_RATE_LIMITED\0\
    096DEEPIDV_E_REFUSED\0\
    097DEEPIDV_E_REDIRECTED\0\
    110DEEPIDV_E_RESOLVE\0\
    111DEEPIDV_E_CONNECT\0\
    112DEEPIDV_E_TLS\0\
    113DEEPIDV_E_PROXY\0\
    114DEEPIDV_E_CONNECTION_LOST\0\
    115DEEPIDV_E_SERVER\0\
    116DEEPIDV_E_ANSWER_EMPTY\0\
    117DEEPIDV_E_ANSWER_CUT\0\
    118DEEPIDV_E_ANSWER_TOO_LARGE\0\
    119DEEPIDV_E_ANSWER_UTF8\0\
    120DEEPIDV_E_ANSWER_JSON\0\
    121DEEPIDV_E_ANSWER_NO_ID\0\
    122DEEPIDV_E_ANSWER_HTTP\0\
    123DEEPIDV_E_NETWORK\0\
    124DEEPIDV_E_ANSWER_FOREIGN\0\
    125DEEPIDV_E_TLS_UNTRUSTED\0\
    126DEEPIDV_E_TLS_NAME\0\
    127DEEPIDV_E_TLS_DATE\0\
    128DEEPIDV_E_ANSWER_LOOP\0\
    129DEEPIDV_E_ANSWER_ENCODING\0\
    ???DEEPIDV_E_?\0\

    """)
}

/// What each status means, in one or two English sentences.
@inline(never)
func statusTexts() -> ConstantTexts {
  ConstantTexts(
    """
    000Success.\0\
    001A required pointer is NULL.\0\
    002The length exceeds the maximum object size.\0\
    003The text is too long for this value.\0\
    004The text contains a NUL byte.\0\
    005The text is not valid UTF-8.\0\
    006The text contains a forbidden character.\0\
    007The number is out of range.\0\
    008The pointer is not a live object of this type.\0\
    009No option has this name.\0\
    010The buffer is too small.\0\
    011Out of memory.\0\
    012The system could not provide a thread, a descriptor, random bytes or a signature.\0\
    013The text is not a reconcile token.\0\
    014The JSON path is malformed.\0\
    015The libcurl that is loaded cannot be used: see deepidv_libcurl_problem().\0\
    020A required value is missing or empty.\0\
    021The value does not have the form of an e-mail address.\0\
    022The phone number is not E.164: + and 1 to 15 digits, the first not 0.\0\
    023The value is not a valid URL with a host. Write an internationalized host name in ASCII (xn--).\0\
    024The URL must use https. A base URL may use http for this machine and for hosts in allow_http_hosts.\0\
    025The URL contains a user name or a password.\0\
    026The JSON value has another type than expected.\0\
    027A JSON member is not a field of the request.\0\
    028The key is shorter than 16 bytes.\0\
    029The CA file is missing, unreadable, or contains no PEM certificate.\0\
    030An http base URL cannot be used with a proxy.\0\
    031The proxy URL must start with http://, https:// or socks5h://.\0\
    032The text is not a traceparent of version 00 (W3C Trace Context).\0\
    040The text is not valid JSON.\0\
    041The JSON is nested more than 64 levels deep.\0\
    042The JSON value is not an object.\0\
    043A JSON member occurs twice in one object.\0\
    050A URL parameter occurs twice with different values, or has a name that the service adds.\0\
    051The redirect is not for the expected session.\0\
    059There is no such value, or the list has ended.\0\
    060The client was created before a fork. Create a new client in this process.\0\
    061The client is closed.\0\
    062Too many operations in flight (max_in_flight).\0\
    063No completion is available.\0\
    064The timeout expired.\0\
    065No such operation is in flight.\0\
    066The operation was cancelled.\0\
    070The state is missing or malformed.\0\
    071The state was not signed with any of these keys.\0\
    072The state was created for another context.\0\
    073The state was created for this context but has expired.\0\
    074The signature matches none of the secrets.\0\
    075The body is not a webhook event.\0\
    080The request was not sent. It is safe to retry.\0\
    081Only part of the request was sent, so it was not executed. It is safe to retry.\0\
    082The request may or may not have been executed. Check before you send it again.\0\
    083Several sessions have this external id. Do not send the request again.\0\
    090The service refused the request as invalid (400).\0\
    091The API key is missing or invalid (401).\0\
    092The token balance is too low (402).\0\
    093The API key does not permit this request (403).\0\
    094The workflow or the session was not found (404).\0\
    095The rate limit was exceeded. Nothing was executed; retry later.\0\
    096The service refused the request (another 4xx).\0\
    097The service returned an HTTP redirect, which is not followed.\0\
    110The host name could not be resolved.\0\
    111The connection to the host failed.\0\
    112The TLS protocol or handshake failed.\0\
    113The proxy could not be reached, refused the connection, or failed.\0\
    114The connection was lost before the response.\0\
    115The service failed or timed out (408 or 5xx).\0\
    116The response has no body.\0\
    117The response is incomplete.\0\
    118The response is larger than the library accepts.\0\
    119The response is not valid UTF-8.\0\
    120The response is not a JSON object of the expected form.\0\
    121The response has no session id.\0\
    122The response is not well-formed HTTP.\0\
    123Another network error occurred.\0\
    124The response is about a session or an external id other than the requested one.\0\
    125The TLS certificate of the host is not trusted.\0\
    126The TLS certificate is for another host name.\0\
    127The TLS certificate has expired or is not yet valid.\0\
    128The page has a next_token that was already used to request a page.\0\
    129The response has a content coding that was not requested.\0\
    ???Unknown status.\0\

    """)
}

/// The macro name of each verdict, such as `DEEPIDV_VERDICT_VERIFIED`.
@inline(never)
func verdictNames() -> ConstantTexts {
  ConstantTexts(
    """
    000DEEPIDV_VERDICT_UNKNOWN\0\
    001DEEPIDV_VERDICT_VERIFIED\0\
    002DEEPIDV_VERDICT_REJECTED\0\
    003DEEPIDV_VERDICT_SUBMITTED\0\
    004DEEPIDV_VERDICT_PENDING\0\
    005DEEPIDV_VERDICT_EXPIRED\0\
    006DEEPIDV_VERDICT_FORGED\0\
    ???DEEPIDV_VERDICT_?\0\

    """)
}
