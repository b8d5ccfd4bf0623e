import FlyingFox

/// Why a call goes no further: the answer to it.
struct Refusal: Error {
  let response: HTTPResponse

  init(_ response: HTTPResponse) { self.response = response }
}
