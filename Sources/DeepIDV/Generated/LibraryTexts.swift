// Generated from Sources/ABI by abigen (make abi). Do not edit.

/// The library's version.
var libraryVersion: StaticString { "0.1.0" }

/// The macro name of a status, such as `DEEPIDV_OK`.
func statusName(_ code: Int32) -> StaticString {
  switch code {
  case 0:
    "DEEPIDV_OK"
  case 1:
    "DEEPIDV_E_NULL"
  case 2:
    "DEEPIDV_E_LENGTH"
  case 3:
    "DEEPIDV_E_TOO_LONG"
  case 4:
    "DEEPIDV_E_NUL"
  case 5:
    "DEEPIDV_E_UTF8"
  case 6:
    "DEEPIDV_E_CONTROL"
  case 7:
    "DEEPIDV_E_RANGE"
  case 8:
    "DEEPIDV_E_HANDLE"
  case 9:
    "DEEPIDV_E_KEY"
  case 10:
    "DEEPIDV_E_BUFFER"
  case 11:
    "DEEPIDV_E_NOMEM"
  case 12:
    "DEEPIDV_E_SYSTEM"
  case 13:
    "DEEPIDV_E_TOKEN"
  case 20:
    "DEEPIDV_E_REQUIRED"
  case 21:
    "DEEPIDV_E_EMAIL"
  case 22:
    "DEEPIDV_E_PHONE"
  case 23:
    "DEEPIDV_E_URL"
  case 24:
    "DEEPIDV_E_SCHEME"
  case 25:
    "DEEPIDV_E_USERINFO"
  case 26:
    "DEEPIDV_E_TYPE"
  case 27:
    "DEEPIDV_E_FIELD"
  case 28:
    "DEEPIDV_E_SHORT_KEY"
  case 29:
    "DEEPIDV_E_CA_FILE"
  case 30:
    "DEEPIDV_E_HTTP_PROXY"
  case 31:
    "DEEPIDV_E_PROXY_SCHEME"
  case 40:
    "DEEPIDV_E_JSON"
  case 41:
    "DEEPIDV_E_JSON_DEPTH"
  case 42:
    "DEEPIDV_E_JSON_OBJECT"
  case 43:
    "DEEPIDV_E_JSON_DUPLICATE"
  case 50:
    "DEEPIDV_E_REPEATED"
  case 51:
    "DEEPIDV_E_MISMATCH"
  case 59:
    "DEEPIDV_E_ABSENT"
  case 60:
    "DEEPIDV_E_FORKED"
  case 61:
    "DEEPIDV_E_CLOSED"
  case 62:
    "DEEPIDV_E_BUSY"
  case 63:
    "DEEPIDV_E_EMPTY"
  case 64:
    "DEEPIDV_E_TIMEOUT"
  case 65:
    "DEEPIDV_E_NO_OPERATION"
  case 66:
    "DEEPIDV_E_CANCELLED"
  case 70:
    "DEEPIDV_E_STATE"
  case 71:
    "DEEPIDV_E_STATE_SIGNATURE"
  case 72:
    "DEEPIDV_E_STATE_CONTEXT"
  case 73:
    "DEEPIDV_E_STATE_EXPIRED"
  case 74:
    "DEEPIDV_E_WEBHOOK_SIGNATURE"
  case 75:
    "DEEPIDV_E_WEBHOOK"
  case 80:
    "DEEPIDV_E_NOT_SENT"
  case 81:
    "DEEPIDV_E_NOT_PROCESSED"
  case 82:
    "DEEPIDV_E_OUTCOME_UNKNOWN"
  case 83:
    "DEEPIDV_E_DUPLICATE"
  case 90:
    "DEEPIDV_E_BAD_REQUEST"
  case 91:
    "DEEPIDV_E_UNAUTHORIZED"
  case 92:
    "DEEPIDV_E_BALANCE"
  case 93:
    "DEEPIDV_E_FORBIDDEN"
  case 94:
    "DEEPIDV_E_NOT_FOUND"
  case 95:
    "DEEPIDV_E_RATE_LIMITED"
  case 96:
    "DEEPIDV_E_REFUSED"
  case 97:
    "DEEPIDV_E_REDIRECTED"
  case 110:
    "DEEPIDV_E_RESOLVE"
  case 111:
    "DEEPIDV_E_CONNECT"
  case 112:
    "DEEPIDV_E_TLS"
  case 113:
    "DEEPIDV_E_PROXY"
  case 114:
    "DEEPIDV_E_CONNECTION_LOST"
  case 115:
    "DEEPIDV_E_SERVER"
  case 116:
    "DEEPIDV_E_ANSWER_EMPTY"
  case 117:
    "DEEPIDV_E_ANSWER_CUT"
  case 118:
    "DEEPIDV_E_ANSWER_TOO_LARGE"
  case 119:
    "DEEPIDV_E_ANSWER_UTF8"
  case 120:
    "DEEPIDV_E_ANSWER_JSON"
  case 121:
    "DEEPIDV_E_ANSWER_NO_ID"
  case 122:
    "DEEPIDV_E_ANSWER_HTTP"
  case 123:
    "DEEPIDV_E_NETWORK"
  case 124:
    "DEEPIDV_E_ANSWER_FOREIGN"
  case 125:
    "DEEPIDV_E_TLS_UNTRUSTED"
  case 126:
    "DEEPIDV_E_TLS_NAME"
  case 127:
    "DEEPIDV_E_TLS_DATE"
  case 128:
    "DEEPIDV_E_ANSWER_LOOP"
  case 129:
    "DEEPIDV_E_ANSWER_ENCODING"
  default:
    "DEEPIDV_E_?"
  }
}

/// What a status means, in one or two English sentences.
func statusText(_ code: Int32) -> StaticString {
  switch code {
  case 0:
    "Success."
  case 1:
    "A required pointer is NULL."
  case 2:
    "The length exceeds the maximum object size."
  case 3:
    "The text is too long for this value."
  case 4:
    "The text contains a NUL byte."
  case 5:
    "The text is not valid UTF-8."
  case 6:
    "The text contains a forbidden character."
  case 7:
    "The number is out of range."
  case 8:
    "The pointer is not a live object of this type."
  case 9:
    "No option has this name."
  case 10:
    "The buffer is too small."
  case 11:
    "Out of memory."
  case 12:
    "The system could not provide a thread, a descriptor, random bytes or a signature."
  case 13:
    "The text is not a reconcile token."
  case 20:
    "A required value is missing or empty."
  case 21:
    "The value does not have the form of an e-mail address."
  case 22:
    "The phone number is not E.164: + and 1 to 15 digits, the first not 0."
  case 23:
    "The value is not a valid URL with a host. Write an internationalized host name in ASCII (xn--)."
  case 24:
    "The URL must use https. A base URL may use http for this machine and for hosts in allow_http_hosts."
  case 25:
    "The URL contains a user name or a password."
  case 26:
    "A JSON value has the wrong type for its field."
  case 27:
    "A JSON member is not a field of the request."
  case 28:
    "The key is shorter than 16 bytes."
  case 29:
    "The CA file is missing, unreadable, or contains no PEM certificate."
  case 30:
    "An http base URL cannot be used with a proxy."
  case 31:
    "The proxy URL must start with http://, https:// or socks5h://."
  case 40:
    "The text is not valid JSON."
  case 41:
    "The JSON is nested more than 64 levels deep."
  case 42:
    "The JSON value is not an object."
  case 43:
    "A JSON member occurs twice in one object."
  case 50:
    "A URL parameter occurs twice with different values, or has a name that the service adds."
  case 51:
    "The redirect is not for the expected session."
  case 59:
    "Parameter not found, or end of list."
  case 60:
    "The client was created before a fork. Create a new client in this process."
  case 61:
    "The client is closed."
  case 62:
    "Too many operations in flight (max_in_flight)."
  case 63:
    "No completion is available."
  case 64:
    "The timeout expired."
  case 65:
    "No such operation is in flight."
  case 66:
    "The operation was cancelled."
  case 70:
    "The state is missing or malformed."
  case 71:
    "The state was not signed with any of these keys."
  case 72:
    "The state was created for another context."
  case 73:
    "The state was created for this context but has expired."
  case 74:
    "The signature matches none of the secrets."
  case 75:
    "The body is not a webhook event."
  case 80:
    "The request was not sent. It is safe to retry."
  case 81:
    "Only part of the request was sent, so it was not executed. It is safe to retry."
  case 82:
    "The session may or may not have been created. Do not send the request again."
  case 83:
    "Several sessions were created for this request. Do not send it again."
  case 90:
    "The service refused the request as invalid (400)."
  case 91:
    "The API key is missing or invalid (401)."
  case 92:
    "The token balance is too low (402)."
  case 93:
    "The API key does not permit this request (403)."
  case 94:
    "The workflow or the session was not found (404)."
  case 95:
    "The rate limit was exceeded. Nothing was executed; retry later."
  case 96:
    "The service refused the request (another 4xx)."
  case 97:
    "The service returned an HTTP redirect, which is not followed."
  case 110:
    "The host name could not be resolved."
  case 111:
    "The connection to the host failed."
  case 112:
    "The TLS protocol or handshake failed."
  case 113:
    "The proxy could not be reached, refused the connection, or failed."
  case 114:
    "The connection was lost before the response."
  case 115:
    "The service failed or timed out (408 or 5xx)."
  case 116:
    "The response has no body."
  case 117:
    "The response is incomplete."
  case 118:
    "The response is larger than the library accepts."
  case 119:
    "The response is not valid UTF-8."
  case 120:
    "The response is not a JSON object of the expected form."
  case 121:
    "The response has no session id."
  case 122:
    "The response is not well-formed HTTP."
  case 123:
    "Another network error occurred."
  case 124:
    "The response is about a session or an external id other than the requested one."
  case 125:
    "The TLS certificate of the host is not trusted."
  case 126:
    "The TLS certificate is for another host name."
  case 127:
    "The TLS certificate has expired or is not yet valid."
  case 128:
    "The page has a next_token that was already used to request a page."
  case 129:
    "The response has a content coding that was not requested."
  default:
    "Unknown status."
  }
}

/// The macro name of a verdict, such as `DEEPIDV_VERDICT_VERIFIED`.
func verdictName(_ code: Int32) -> StaticString {
  switch code {
  case 0:
    "DEEPIDV_VERDICT_UNKNOWN"
  case 1:
    "DEEPIDV_VERDICT_VERIFIED"
  case 2:
    "DEEPIDV_VERDICT_REJECTED"
  case 3:
    "DEEPIDV_VERDICT_SUBMITTED"
  case 4:
    "DEEPIDV_VERDICT_PENDING"
  case 5:
    "DEEPIDV_VERDICT_EXPIRED"
  case 6:
    "DEEPIDV_VERDICT_FORGED"
  default:
    "DEEPIDV_VERDICT_?"
  }
}
