/// What the dashboard says after it has done something.
///
/// The page's address carries the word, and never the sentence: otherwise a link could have the
/// dashboard say anything.
enum Notice: String {
  case decided, added, removed, sent, armed, cleared, chosen
  case clockChanged = "clock"
  case tokensSet = "tokens"

  var text: String {
    switch self {
    case .decided: "The decision is recorded, and webhooks about it are on their way."
    case .added: "The webhook is registered."
    case .removed: "The webhook is removed. What was on its way to it is given up."
    case .sent: "It is being sent. Reload to see what came of it."
    case .armed: "The fault is armed."
    case .cleared: "No fault is armed any more."
    case .chosen: "From now on it answers like that."
    case .clockChanged: "The clock is changed."
    case .tokensSet: "The balance is changed."
    }
  }
}
