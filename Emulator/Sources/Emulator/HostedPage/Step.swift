/// A step of the applicant through the hosted page.
///
/// A workflow may have others on the service; here all sessions take the same four.
enum Step: String, CaseIterable, Sendable {
  case consent
  case document
  case selfie
  case review

  /// As it stands in the list of steps.
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
    case .selfie: "Take a picture of yourself"
    case .review: "Check and submit"
    }
  }

  /// What the button says that leads to the next step.
  var consentingWords: String {
    switch self {
    case .consent: "Agree and continue"
    case .document: "Use this document"
    case .selfie: "Use this picture"
    case .review: "Submit"
    }
  }

  var next: Step? { neighbour(1) }

  var previous: Step? { neighbour(-1) }

  private func neighbour(_ distance: Int) -> Step? {
    guard let place = Step.allCases.firstIndex(of: self) else { return nil }
    let wanted = place + distance
    return Step.allCases.indices.contains(wanted) ? Step.allCases[wanted] : nil
  }
}

extension Session {
  /// The step that the applicant is at.
  ///
  /// It is kept here and not in the browser, so that a session that was begun on one device goes on
  /// where it was on another.
  var step: Step { visits.last.flatMap { Step(rawValue: $0.step) } ?? .consent }
}
