import CCurl
import CDeepIDV

extension Connection {
  /// Returns why there is no connection.
  func failureToConnect(_ code: CURLcode) -> Transfer.Ending {
    Transfer.Ending(
      cause: cause(of: code), isTimeout: code == CURLE_OPERATION_TIMEDOUT, advice: advice(on: code))
  }

  private func cause(of code: CURLcode) -> deepidv_status {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return DEEPIDV_E_RESOLVE
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return DEEPIDV_E_PROXY
    // With a proxy, libcurl connects to the proxy; after that, this is a proxy that refused CONNECT.
    case CURLE_COULDNT_CONNECT: return hasProxy ? DEEPIDV_E_PROXY : DEEPIDV_E_CONNECT
    case CURLE_RECV_ERROR where hasProxy: return DEEPIDV_E_PROXY
    case CURLE_OPERATION_TIMEDOUT:
      return hasProxy && ccurl_has_connected(easy) == 0 ? DEEPIDV_E_PROXY : DEEPIDV_E_TIMEOUT
    case CURLE_PEER_FAILED_VERIFICATION: return certificateCause
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
      return DEEPIDV_E_TLS
    case CURLE_OUT_OF_MEMORY: return DEEPIDV_E_NOMEM
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: return DEEPIDV_E_CONNECTION_LOST
    // libcurl reads HTTP only from a proxy; from 8.14 on, a garbled response has a code that does not name it.
    default: return hasProxy ? DEEPIDV_E_PROXY : DEEPIDV_E_NETWORK
    }
  }

  /// What is wrong with the peer's certificate, from the result of OpenSSL's verification.
  private var certificateCause: deepidv_status {
    var verified = 0
    ccurl_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verified)
    switch verified {
    // Not yet valid, expired, or with invalid dates.
    case 9, 10, 13, 14: return DEEPIDV_E_TLS_DATE
    // libcurl compares the name, after OpenSSL has verified the rest: then the number is 0 or "unspecified".
    case 0, 1, 62, 64: return DEEPIDV_E_TLS_NAME
    default: return DEEPIDV_E_TLS_UNTRUSTED
    }
  }

  /// Returns what may help: the environment variables that are set, but not read.
  private func advice(on code: CURLcode) -> StaticString? {
    switch code {
    case CURLE_PEER_FAILED_VERIFICATION where unread.contains(.certificates),
      CURLE_SSL_CACERT_BADFILE where unread.contains(.certificates):
      "SSL_CERT_FILE or SSL_CERT_DIR is set, but not read: set the option use_environment, or ca_file."
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT,
      CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
      unread.contains(.proxy)
        ? "HTTPS_PROXY is set, but not read: set the option use_environment, or proxy." : nil
    default: nil
    }
  }
}
