import Foundation

/// A point in time on a page.
///
/// In UTC: a page without scripts does not know the reader's time zone.
enum Moment {
  static func markup(_ date: Date) -> Markup { markup(Timestamp.text(date)) }

  /// A time in the format of `Timestamp`, shown without `T` and fraction.
  static func markup(_ text: String) -> Markup {
    let short = String(text.prefix(19)).replacing("T", with: " ")
    return "<time datetime=\"\(text)\">\(short)<span class=\"zone\"> UTC</span></time>"
  }
}
