import CDeepIDV

/// The error of a call, as the status that it returns.
struct Refusal: Error {
  var status: deepidv_status

  init(_ status: deepidv_status) { self.status = status }
}

/// Runs the body of an entry point and returns its status.
func returnStatus(_ body: () throws(Refusal) -> Void) -> deepidv_status {
  do throws(Refusal) {
    try body()
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Throws a status of the core, unless it is `DEEPIDV_OK`.
func require(_ status: deepidv_status) throws(Refusal) {
  if status != DEEPIDV_OK { throw Refusal(status) }
}
