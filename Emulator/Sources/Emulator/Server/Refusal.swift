import HTTP

/// A rejected call, with its response.
struct Refusal: Error {
  let response: HTTPResponse

  init(_ response: HTTPResponse) { self.response = response }
}
