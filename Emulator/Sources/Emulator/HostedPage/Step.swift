/// A step of the hosted page.
///
/// On the service, steps depend on the workflow; here all sessions have the same four.
enum Step: String, CaseIterable, Sendable {
  case consent
  case document
  case selfie
  case review

  /// The name in the list of steps.
  var name: String {
    switch self {
    case .consent: "Consent"
    case .document: "Document"
    case .selfie: "Selfie"
    case .review: "Review"
    }
  }

  var title: String {
    switch self {
    case .consent: "Verify your identity"
    case .document: "Show your document"
    case .selfie: "Take a selfie"
    case .review: "Check and submit"
    }
  }

  /// The label of the button to the next step.
  var nextLabel: String {
    switch self {
    case .consent: "Agree and continue"
    case .document: "Use this document"
    case .selfie: "Use this selfie"
    case .review: "Submit"
    }
  }

  var next: Step? { neighbour(1) }

  var previous: Step? { neighbour(-1) }

  private func neighbour(_ distance: Int) -> Step? {
    guard let index = Step.allCases.firstIndex(of: self) else { return nil }
    let target = index + distance
    return Step.allCases.indices.contains(target) ? Step.allCases[target] : nil
  }
}

extension Session {
  /// The step that the applicant is at.
  ///
  /// It is stored on the server, so that an applicant can continue on another
  /// device.
  var step: Step { visits.last.flatMap { Step(rawValue: $0.step) } ?? .consent }
}
