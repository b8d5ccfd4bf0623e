import CCurl
import CDeepIDV

/// Why the transport ended without a whole answer.
///
/// It explains an outcome and never decides one.
func cause(of code: CURLcode, attempts: UInt32, hasProxy: Bool) -> deepidv_status {
  switch code {
  case CURLE_COULDNT_RESOLVE_HOST: DEEPIDV_E_RESOLVE
  case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: DEEPIDV_E_PROXY
  // With a proxy it is the proxy that libcurl connects to.
  case CURLE_COULDNT_CONNECT: hasProxy ? DEEPIDV_E_PROXY : DEEPIDV_E_CONNECT
  case CURLE_OPERATION_TIMEDOUT: DEEPIDV_E_TIMEOUT
  case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
    CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
    CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND,
    CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
    DEEPIDV_E_TLS
  case CURLE_PARTIAL_FILE: DEEPIDV_E_ANSWER_CUT
  case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: DEEPIDV_E_ANSWER_HTTP
  case CURLE_BAD_CONTENT_ENCODING: DEEPIDV_E_ANSWER_ENCODING
  case CURLE_TOO_LARGE_HEADERS: DEEPIDV_E_ANSWER_TOO_LARGE
  case CURLE_OUT_OF_MEMORY: DEEPIDV_E_NOMEM
  // Before anything was sent, only a proxy's CONNECT can have been refused like this.
  case CURLE_RECV_ERROR where attempts == 0 && hasProxy: DEEPIDV_E_PROXY
  case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
    CURLE_ABORTED_BY_CALLBACK:
    DEEPIDV_E_CONNECTION_LOST
  default: DEEPIDV_E_NETWORK
  }
}

/// What may help where nothing could be sent: the environment knows a way, and was not read.
func advice(on code: CURLcode, unread: UnreadVariables) -> StaticString? {
  switch code {
  case CURLE_PEER_FAILED_VERIFICATION where unread.contains(.certificates):
    "SSL_CERT_FILE or SSL_CERT_DIR is set, but not read: set the option use_environment, or ca_file."
  case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT,
    CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
    unread.contains(.proxy)
      ? "HTTPS_PROXY is set, but not read: set the option use_environment, or proxy." : nil
  default: nil
  }
}

/// libcurl 7.88 calls an answer whose headers are too large out of memory; later ones have a code of
/// their own, which its header does not know yet.
private let CURLE_TOO_LARGE_HEADERS = CURLcode(rawValue: 100)

/// What is wrong with a certificate, by the number that OpenSSL gives it.
func cause(ofVerification number: Int) -> deepidv_status {
  switch number {
  // Not yet valid, expired, or with dates that are none.
  case 9, 10, 13, 14: DEEPIDV_E_TLS_DATE
  // The name is compared by libcurl, after all else was found good: then there is no number yet, or "unspecified".
  case 0, 1, 62, 64: DEEPIDV_E_TLS_NAME
  default: DEEPIDV_E_TLS_UNTRUSTED
  }
}
