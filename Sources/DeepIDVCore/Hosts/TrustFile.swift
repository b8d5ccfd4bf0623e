import CCrypto

/// Whether a path names a PEM file with at least one certificate that can be read.
public func isTrustFile(_ path: UnsafePointer<CChar>) -> Bool {
  unsafe ccrypto_has_certificate(path) != 0
}
