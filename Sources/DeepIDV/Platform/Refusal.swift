import CDeepIDV

/// Why a call cannot do what was asked.
struct Refusal: Error {
  var status: deepidv_status

  init(_ status: deepidv_status) { self.status = status }
}

/// Runs the body of an entry point and answers its status.
func returnStatus(_ body: () throws(Refusal) -> Void) -> deepidv_status {
  do throws(Refusal) {
    try body()
    return DEEPIDV_OK
  } catch {
    return error.status
  }
}

/// Turns a status of the pure rules into a refusal.
func require(_ status: deepidv_status) throws(Refusal) {
  if status != DEEPIDV_OK { throw Refusal(status) }
}
