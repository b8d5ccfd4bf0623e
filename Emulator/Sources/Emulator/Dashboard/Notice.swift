/// The message after an action.
///
/// The page's URL carries only the key, not the text: otherwise a link could make the
/// dashboard show any text.
enum Notice: String {
  case decided, added, removed, sent, armed, cleared, chosen
  case clockChanged = "clock"
  case tokensSet = "tokens"

  var text: String {
    switch self {
    case .decided: "The decision is recorded, and its webhooks are being sent."
    case .added: "The webhook is registered."
    case .removed: "The webhook is removed. Its pending deliveries are cancelled."
    case .sent: "The delivery is being sent. Reload to see the response."
    case .armed: "The fault is armed."
    case .cleared: "All faults are cleared."
    case .chosen: "The settings are changed."
    case .clockChanged: "The clock is changed."
    case .tokensSet: "The balance is changed."
    }
  }
}
