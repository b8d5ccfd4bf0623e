"""Where the library is stricter than libcurl and llhttp, and why.

The key is what the library says, and the trait of the response by which ``grammar`` tells why. The value is who says
otherwise, and the reason.
"""

DIFFERENCES = {
    # Lines
    ("refused", "LF alone"): (
        "curl llhttp",
        "Lines end with CR LF. libcurl takes LF as an end everywhere, llhttp in front of the status line.",
    ),
    ("refused", "CR alone"): (
        "curl llhttp",
        "To some readers it ends a line, to others it is a part of it: libcurl takes it as a part, and llhttp as the "
        "end of a status line.",
    ),
    ("refused", "control character"): (
        "curl llhttp",
        "It has no meaning there, and NUL ends a text in C. libcurl refuses only NUL, llhttp takes all in a reason.",
    ),
    ("refused", "continued line"): (
        "curl",
        "A header on two lines is obsolete (RFC 9112, section 5.2). Who does not know it reads another header.",
    ),
    ("refused", "name of a header"): (
        "curl",
        "Without a colon, or with other characters than a name may have, such as a space in front of the colon "
        "(section 5.1). libcurl drops or keeps such lines.",
    ),
    # Status lines
    ("refused", "version"): (
        "curl llhttp",
        "HTTP/1.0 and 1.1 are all there is on such a connection. libcurl also takes 2 and 3, llhttp 0.9 and 2.0.",
    ),
    ("refused", "status line"): (
        "curl llhttp",
        "Three digits from 100 on, and a space or nothing behind them. libcurl skips spaces, llhttp takes 099.",
    ),
    ("refused", "empty line in front"): (
        "llhttp",
        "Only a server has to skip it (section 2.2). In front of a response it is the rest of another one.",
    ),
    ("refused", "other protocol"): ("curl llhttp", "The library asks for none, so what follows a 101 cannot be known."),
    ("refused", "1xx that closes"): (
        "curl llhttp",
        "What closes the connection is the last response (section 9.6), but a 1xx is not final. llhttp refuses it "
        "behind `close`, but not behind unknown options, or HTTP/1.0 with `keep-alive`.",
    ),
    # Lengths
    ("refused", "length"): ("curl", "A length is digits. libcurl takes those in front, or ignores the header."),
    ("refused", "length too large"): (
        "curl",
        "It is over the limit of a body; libcurl reads until the connection ends.",
    ),
    ("refused", "repeated length"): (
        "curl",
        "Where readers differ in which counts, the end of a response moves; equal ones are refused, too, as by llhttp.",
    ),
    ("refused", "tab behind a length"): ("curl", "Allowed (RFC 9110, section 5.6.3), but llhttp refuses it."),
    ("refused", "tab behind a coding"): (
        "curl llhttp",
        "Allowed, too, but to llhttp it is then not the coding `chunked`, and the body ends with the connection.",
    ),
    ("refused", "length and chunks"): (
        "curl",
        "Readers differ in which counts (RFC 9112, section 6.3); llhttp refuses it.",
    ),
    ("refused", "length in a trailer"): (
        "curl llhttp",
        "It must not be there (RFC 9110, section 6.5.1). llhttp refuses a length, but not a coding.",
    ),
    ("refused", "repeated coding"): ("curl llhttp", "Chunks in chunks must not be (RFC 9112, section 6.1)."),
    ("refused", "transfer coding"): (
        "curl llhttp",
        "Only `chunked` is understood. To both, a body of an unknown coding ends with the connection.",
    ),
    ("refused", "chunks of HTTP/1.0"): (
        "curl llhttp",
        "That version has no chunks, so somebody on the way has not understood the response (section 6.1).",
    ),
    # Chunks
    ("refused", "size of a chunk"): (
        "curl llhttp",
        "Digits, and extensions of a name and a value. libcurl skips what follows the digits, and llhttp takes an "
        "empty value.",
    ),
    ("refused", "size of a chunk with over 16 digits"): (
        "llhttp",
        "64 bits have no more. libcurl refuses it, too; llhttp takes any number of leading zeros.",
    ),
    ("refused", "extension in quotes"): (
        "curl llhttp",
        "Nobody sends one, and in quotes readers differ in what ends the line.",
    ),
    # Complete, but the connection is not used again.
    ("close", "HTTP/1.0"): (
        "curl llhttp",
        "Keeping a connection was never a part of HTTP/1.0: a proxy passes on `keep-alive` without knowing it.",
    ),
    ("close", "bytes behind the response"): (
        "curl",
        "They would be read as the next response. libcurl does not see them behind a 204 or a 304.",
    ),
    ("close", "option of the connection"): (
        "curl llhttp",
        "One that is neither `keep-alive` nor `upgrade` may be meant as `close`: `closed`, or `close` with a tab, "
        "which llhttp does not know. libcurl finds the word anywhere, but not in trailers.",
    ),
    # Cut, but a complete response to the other.
    ("cut", "in a line"): ("curl", "To libcurl, a head that the connection ends is a response without a body."),
}
