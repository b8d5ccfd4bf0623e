/// As many bytes as a text of the caller's may have, where nothing smaller follows from what it is.
public let longestText = 65_536

/// As many bytes as an id may have that is asked for: with every byte encoded, its URL is still one that gateways take.
public let longestIDInURL = 1024

/// As many bytes as a request's body may have: its texts, with every byte escaped.
public let longestRequestBody = 4 << 20
