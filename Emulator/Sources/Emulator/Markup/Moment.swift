import Foundation

/// A point in time on a page.
///
/// In UTC, as everything that the service says: a page without scripts cannot know the reader's zone.
enum Moment {
  static func markup(_ date: Date) -> Markup { markup(Timestamp.text(date)) }

  /// A time as `Timestamp` writes it, without its `T` and fractions.
  static func markup(_ text: String) -> Markup {
    let short = String(text.prefix(19)).replacing("T", with: " ")
    return "<time datetime=\"\(text)\">\(short)<span class=\"zone\"> UTC</span></time>"
  }
}
