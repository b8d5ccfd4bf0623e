import CCurl
import CDeepIDV

/// Returns why the transport ended without a complete answer.
///
/// This explains an outcome, and does not decide it.
func cause(of code: CURLcode, attempts: UInt32, hasProxy: Bool) -> deepidv_status {
  switch code {
  case CURLE_COULDNT_RESOLVE_HOST: DEEPIDV_E_RESOLVE
  case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: DEEPIDV_E_PROXY
  // With a proxy, libcurl connects to the proxy.
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
  // Before anything was sent, this is a proxy that refused CONNECT.
  case CURLE_RECV_ERROR where attempts == 0 && hasProxy: DEEPIDV_E_PROXY
  case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
    CURLE_ABORTED_BY_CALLBACK:
    DEEPIDV_E_CONNECTION_LOST
  default: DEEPIDV_E_NETWORK
  }
}

/// Returns what may help where nothing could be sent: the environment variables that are set, but not read.
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

/// Headers that are too large: libcurl 7.88 reports `CURLE_OUT_OF_MEMORY` for them, and its header does not have the
/// code of later versions.
private let CURLE_TOO_LARGE_HEADERS = CURLcode(rawValue: 100)

/// Returns what is wrong with a certificate, from the result of OpenSSL's verification.
func cause(ofVerification number: Int) -> deepidv_status {
  switch number {
  // Not yet valid, expired, or with invalid dates.
  case 9, 10, 13, 14: DEEPIDV_E_TLS_DATE
  // libcurl compares the name, after OpenSSL has verified the rest: then the number is 0 or "unspecified".
  case 0, 1, 62, 64: DEEPIDV_E_TLS_NAME
  default: DEEPIDV_E_TLS_UNTRUSTED
  }
}
