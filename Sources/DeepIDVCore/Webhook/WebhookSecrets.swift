import CDeepIDV

/// The signing secrets of webhooks, all of which verify.
public struct WebhookSecrets: ~Copyable {
  private var secrets = SecretList()

  /// Creates an empty set.
  public init() {}

  /// Adds a secret, or returns why not.
  public mutating func add(_ secret: Span<UInt8>) -> deepidv_status {
    // No header can hold it: usually the line break at the end of a file.
    for index in secret.indices where secret[index] < 0x20 || secret[index] == 0x7f {
      return DEEPIDV_E_CONTROL
    }
    return secrets.add(secret)
  }

  /// Checks the signature of a webhook.
  func verify(_ signature: Span<UInt8>) -> deepidv_status {
    if secrets.count == 0 { return DEEPIDV_E_REQUIRED }
    return secrets.contains(signature) ? DEEPIDV_OK : DEEPIDV_E_WEBHOOK_SIGNATURE
  }
}
