import CDeepIDV

/// The form of an answer, or of a webhook, of the service.
public enum AnswerForm: Sendable {
  /// Create Session: the session itself.
  case created
  /// Retrieve Session: `{"session_record": {…}, …}`.
  case record
  /// List Sessions: `{"sessions": […], "next_token": …}`, with at most `limit` sessions.
  case page(limit: Int)
  /// A page of sessions of which only those are of interest that a lost create may have made.
  case search(SessionSearch)
  /// A webhook: `{"type": …, "data": {…}}`.
  case event
}

/// How many bytes the type of an event may have.
let longestEventType = 256

/// How many hints, and how many links, are kept of an answer.
let answerListLimit = 100

/// How many sessions a page can hold, as the service counts.
public let pageLimit = 500

/// The longest token of a page: what can be sent back.
public let longestPageToken = longestText

/// The sessions of an answer: one, or a page of them.
public struct SessionAnswer: ~Copyable {
  /// What the ranges below are ranges of.
  public internal(set) var texts = AnswerTexts()
  /// The sessions that have an id, as many as were asked for at most.
  public internal(set) var sessions = Buffer<Session>(byteLimit: Int.max)
  /// The first links whose URL a browser may be sent to.
  public internal(set) var links = Buffer<Link>(byteLimit: Int.max)
  /// What asks for the next page; nil on the last.
  public internal(set) var nextToken: ByteRange?
  /// `DEEPIDV_RESULT_FACT_…` bits.
  public internal(set) var facts: Int32 = 0
  /// Whether a search has seen all that there may be.
  var isConclusive = true
  /// Whether a search has seen one that may be the one, or not: it does not say when it was created, or for what.
  var isInDoubt = false
  /// What is read.
  private(set) var form = AnswerForm.created

  /// A session as the service describes it.
  public struct Session: BitwiseCopyable {
    /// One for each part, so that a part's number needs no check.
    private var ranges = [10 of StoredRange](repeating: StoredRange(nil))

    /// What is kept of a session; texts of members have the numbers of ``SessionMember``.
    enum Part: Int {
      case id, url, externalID, record, expiresAt, status, progress, createdAt, updatedAt, eventType
    }

    init() {}

    subscript(part: Part) -> ByteRange? {
      get { unsafe ranges[unchecked: part.rawValue].range }
      set { unsafe ranges[unchecked: part.rawValue] = StoredRange(newValue) }
    }

    /// Its id.
    public var id: ByteRange { self[.id] ?? ByteRange(0, 0) }
    /// The URL for the applicant.
    public var url: ByteRange? { self[.url] }
    /// The caller's own reference.
    public var externalID: ByteRange? { self[.externalID] }
    /// Its status, in the service's words.
    public var status: ByteRange? { self[.status] }
    /// How far the applicant is.
    public var progress: ByteRange? { self[.progress] }
    /// When it was created, as it came.
    public var createdAt: ByteRange? { self[.createdAt] }
    /// When it was changed, as it came.
    public var updatedAt: ByteRange? { self[.updatedAt] }
    /// When it expires, as it came.
    public var expiresAt: ByteRange? { self[.expiresAt] }
    /// The type of the event that is about it.
    public var eventType: ByteRange? { self[.eventType] }
    /// Where its object is in the body, not in the texts.
    public var record: ByteRange { self[.record] ?? ByteRange(0, 0) }
  }

  /// A link of the answer.
  ///
  /// Its shape is not settled: `{rel, href}` and `{url, type}` both occur.
  public struct Link: BitwiseCopyable {
    /// Its `href` or `url`.
    public var url: ByteRange
    /// Its `rel` or `type`.
    public var rel: ByteRange?
  }

  /// Whether an answer was read, as opposed to none.
  public private(set) var isComplete = false

  /// No answer.
  public init() {}

  /// Reads the body of a 2xx answer, or throws the cause for which it is not what was asked for.
  ///
  /// - Parameters:
  ///   - subject: What the answer has to be about: of a record the session's id; else the external id that was
  ///     sent, or nothing.
  ///   - token: The token that a page was asked with, or nothing.
  ///   - plainHosts: A list of hosts, beside this machine, that a browser may be sent to without TLS.
  public init(
    _ body: Span<UInt8>, as form: AnswerForm, about subject: Span<UInt8> = Span(),
    after token: Span<UInt8> = Span(), plainHosts: Span<UInt8> = Span()
  ) throws(AnswerFault) {
    try read(body, as: form, about: subject, after: token, plainHosts: plainHosts)
  }

  /// The same, into no answer; which it still is after a fault.
  @inline(never)
  mutating func read(
    _ body: Span<UInt8>, as form: AnswerForm, about subject: Span<UInt8> = Span(),
    after token: Span<UInt8> = Span(), plainHosts: Span<UInt8> = Span()
  ) throws(AnswerFault) {
    do throws(AnswerFault) {
      try readAll(body, as: form, about: subject, after: token, plainHosts: plainHosts)
    } catch {
      self = SessionAnswer()
      throw error
    }
  }

  private mutating func readAll(
    _ body: Span<UInt8>, as form: AnswerForm, about subject: Span<UInt8>, after token: Span<UInt8>,
    plainHosts: Span<UInt8>
  ) throws(AnswerFault) {
    if body.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_EMPTY) }
    self.form = form
    var reader = JSONReader()
    let isObject = reader.stepToValue(beginningWith: UInt8(ascii: "{"), in: body)
    var fault: AnswerFault?
    do throws(AnswerFault) {
      switch form {
      case .created: try readSession(&reader, body, subject, plainHosts)
      case .record, .event: try readRecord(&reader, body, subject, plainHosts)
      case .page, .search: try readPage(&reader, body, subject, token, plainHosts)
      }
    } catch {
      fault = error
    }
    // Malformed JSON comes first: its members are then a guess.
    if !isObject || reader.finish(in: body) != nil {
      let isText = body.firstInvalidUTF8() == nil
      throw AnswerFault(isText ? DEEPIDV_E_ANSWER_JSON : DEEPIDV_E_ANSWER_UTF8)
    }
    if let fault { throw fault }
    if sessions.isEmpty, !isOfPage { throw AnswerFault(DEEPIDV_E_ANSWER_NO_ID) }
    isComplete = true
  }

  /// Whether any number of sessions is allowed.
  var isOfPage: Bool {
    switch form {
    case .created, .record, .event: false
    case .page, .search: true
    }
  }
}

/// Why an answer is not what was asked for.
public struct AnswerFault: Error {
  /// The status for it.
  public var cause: deepidv_status

  init(_ cause: deepidv_status) { self.cause = cause }
}
