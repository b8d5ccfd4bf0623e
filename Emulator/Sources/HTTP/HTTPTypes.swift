import NIOHTTP1

// What handlers need of NIO, so that they import only this module.

/// A method, such as `POST`.
public typealias HTTPMethod = NIOHTTP1.HTTPMethod
/// Header lines, whose names have no case.
public typealias HTTPHeaders = NIOHTTP1.HTTPHeaders
/// A status code with its phrase.
public typealias HTTPStatus = NIOHTTP1.HTTPResponseStatus
