# Generated from Sources/ABI by abigen (make abi). Do not edit.
"""The C interface of libdeepidv as ctypes declarations, with its C names."""

from __future__ import annotations

import ctypes
from ctypes import (
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
)
from typing import Any, Final

from ._abi_version import NEEDED, check_version

# Pass as the length of a NUL-terminated text.
DEEPIDV_NTS: Final = ctypes.c_size_t(-1).value

deepidv_status = c_int32

# Statuses.
DEEPIDV_OK: Final = 0
DEEPIDV_E_NULL: Final = 1
DEEPIDV_E_LENGTH: Final = 2
DEEPIDV_E_TOO_LONG: Final = 3
DEEPIDV_E_NUL: Final = 4
DEEPIDV_E_UTF8: Final = 5
DEEPIDV_E_CONTROL: Final = 6
DEEPIDV_E_RANGE: Final = 7
DEEPIDV_E_HANDLE: Final = 8
DEEPIDV_E_KEY: Final = 9
DEEPIDV_E_BUFFER: Final = 10
DEEPIDV_E_NOMEM: Final = 11
DEEPIDV_E_SYSTEM: Final = 12
DEEPIDV_E_TOKEN: Final = 13
DEEPIDV_E_PATH: Final = 14
DEEPIDV_E_LIBCURL: Final = 15
DEEPIDV_E_REQUIRED: Final = 20
DEEPIDV_E_EMAIL: Final = 21
DEEPIDV_E_PHONE: Final = 22
DEEPIDV_E_URL: Final = 23
DEEPIDV_E_SCHEME: Final = 24
DEEPIDV_E_USERINFO: Final = 25
DEEPIDV_E_TYPE: Final = 26
DEEPIDV_E_FIELD: Final = 27
DEEPIDV_E_SHORT_KEY: Final = 28
DEEPIDV_E_CA_FILE: Final = 29
DEEPIDV_E_HTTP_PROXY: Final = 30
DEEPIDV_E_PROXY_SCHEME: Final = 31
DEEPIDV_E_TRACEPARENT: Final = 32
DEEPIDV_E_JSON: Final = 40
DEEPIDV_E_JSON_DEPTH: Final = 41
DEEPIDV_E_JSON_OBJECT: Final = 42
DEEPIDV_E_JSON_DUPLICATE: Final = 43
DEEPIDV_E_REPEATED: Final = 50
DEEPIDV_E_MISMATCH: Final = 51
DEEPIDV_E_ABSENT: Final = 59
DEEPIDV_E_FORKED: Final = 60
DEEPIDV_E_CLOSED: Final = 61
DEEPIDV_E_BUSY: Final = 62
DEEPIDV_E_EMPTY: Final = 63
DEEPIDV_E_TIMEOUT: Final = 64
DEEPIDV_E_NO_OPERATION: Final = 65
DEEPIDV_E_CANCELLED: Final = 66
DEEPIDV_E_STATE: Final = 70
DEEPIDV_E_STATE_SIGNATURE: Final = 71
DEEPIDV_E_STATE_CONTEXT: Final = 72
DEEPIDV_E_STATE_EXPIRED: Final = 73
DEEPIDV_E_WEBHOOK_SIGNATURE: Final = 74
DEEPIDV_E_WEBHOOK: Final = 75
DEEPIDV_E_NOT_SENT: Final = 80
DEEPIDV_E_NOT_PROCESSED: Final = 81
DEEPIDV_E_OUTCOME_UNKNOWN: Final = 82
DEEPIDV_E_DUPLICATE: Final = 83
DEEPIDV_E_BAD_REQUEST: Final = 90
DEEPIDV_E_UNAUTHORIZED: Final = 91
DEEPIDV_E_BALANCE: Final = 92
DEEPIDV_E_FORBIDDEN: Final = 93
DEEPIDV_E_NOT_FOUND: Final = 94
DEEPIDV_E_RATE_LIMITED: Final = 95
DEEPIDV_E_REFUSED: Final = 96
DEEPIDV_E_REDIRECTED: Final = 97
DEEPIDV_E_RESOLVE: Final = 110
DEEPIDV_E_CONNECT: Final = 111
DEEPIDV_E_TLS: Final = 112
DEEPIDV_E_PROXY: Final = 113
DEEPIDV_E_CONNECTION_LOST: Final = 114
DEEPIDV_E_SERVER: Final = 115
DEEPIDV_E_ANSWER_EMPTY: Final = 116
DEEPIDV_E_ANSWER_CUT: Final = 117
DEEPIDV_E_ANSWER_TOO_LARGE: Final = 118
DEEPIDV_E_ANSWER_UTF8: Final = 119
DEEPIDV_E_ANSWER_JSON: Final = 120
DEEPIDV_E_ANSWER_NO_ID: Final = 121
DEEPIDV_E_ANSWER_HTTP: Final = 122
DEEPIDV_E_NETWORK: Final = 123
DEEPIDV_E_ANSWER_FOREIGN: Final = 124
DEEPIDV_E_TLS_UNTRUSTED: Final = 125
DEEPIDV_E_TLS_NAME: Final = 126
DEEPIDV_E_TLS_DATE: Final = 127
DEEPIDV_E_ANSWER_LOOP: Final = 128
DEEPIDV_E_ANSWER_ENCODING: Final = 129

# Contents of a redirect.
DEEPIDV_HAS_SESSION_ID: Final = 1
DEEPIDV_HAS_STATUS: Final = 2
DEEPIDV_HAS_REASON: Final = 4
DEEPIDV_HAS_FRAGMENT: Final = 8
DEEPIDV_HAS_OTHER_SESSION_ID: Final = 16

# Status of a redirect.
DEEPIDV_REDIRECT_OTHER: Final = -1
DEEPIDV_REDIRECT_NONE: Final = 0
DEEPIDV_REDIRECT_SUCCESS: Final = 1
DEEPIDV_REDIRECT_FAILED: Final = 2
DEEPIDV_REDIRECT_ABANDONED: Final = 3
DEEPIDV_REDIRECT_SUBMITTED: Final = 4

# The words that the service uses for them.
REDIRECT_STATUS_WORDS: Final[dict[int, str]] = {
    DEEPIDV_REDIRECT_SUCCESS: "success",
    DEEPIDV_REDIRECT_FAILED: "failed",
    DEEPIDV_REDIRECT_ABANDONED: "abandoned",
    DEEPIDV_REDIRECT_SUBMITTED: "SUBMITTED",
}

# Reason of a redirect.
DEEPIDV_REASON_OTHER: Final = -1
DEEPIDV_REASON_NONE: Final = 0
DEEPIDV_REASON_DOCUMENT_UNREADABLE: Final = 1
DEEPIDV_REASON_FACE_MISMATCH: Final = 2
DEEPIDV_REASON_SESSION_EXPIRED: Final = 3
DEEPIDV_REASON_INTERNAL_ERROR: Final = 4
DEEPIDV_REASON_USER_CANCELLED: Final = 5
DEEPIDV_REASON_UNKNOWN: Final = 6

# The words that the service uses for them.
REASON_WORDS: Final[dict[int, str]] = {
    DEEPIDV_REASON_DOCUMENT_UNREADABLE: "document_unreadable",
    DEEPIDV_REASON_FACE_MISMATCH: "face_mismatch",
    DEEPIDV_REASON_SESSION_EXPIRED: "session_expired",
    DEEPIDV_REASON_INTERNAL_ERROR: "internal_error",
    DEEPIDV_REASON_USER_CANCELLED: "user_cancelled",
    DEEPIDV_REASON_UNKNOWN: "unknown",
}

# Facts about a redirect.
DEEPIDV_FACT_NO_SESSION_ID: Final = 1
DEEPIDV_FACT_SUCCESS_WITH_REASON: Final = 2
DEEPIDV_FACT_FAILED_WITHOUT_REASON: Final = 4
DEEPIDV_FACT_ABANDONED_OTHERWISE: Final = 8
DEEPIDV_FACT_OTHER_FORM: Final = 16
DEEPIDV_FACT_NOT_UTF8: Final = 32
DEEPIDV_FACT_REPEATED_EQUAL: Final = 64
DEEPIDV_FACT_JOINED_TWICE: Final = 128

# Contents of a session URL.
DEEPIDV_SESSION_URL_HAS_SESSION_ID: Final = 1
DEEPIDV_SESSION_URL_HAS_ORG_ID: Final = 2
DEEPIDV_SESSION_URL_HAS_REDIRECT_URL: Final = 4

# Kinds of completion.
DEEPIDV_EVENT_SESSION_CREATE: Final = 1
DEEPIDV_EVENT_SESSION_RECONCILE: Final = 2
DEEPIDV_EVENT_SESSION_RETRIEVE: Final = 3
DEEPIDV_EVENT_SESSION_LIST: Final = 4
DEEPIDV_EVENT_REDIRECT_CONFIRM: Final = 5
DEEPIDV_EVENT_SESSION_FIND_OR_CREATE: Final = 6
DEEPIDV_EVENT_SESSION_UPDATE_STATUS: Final = 7
DEEPIDV_EVENT_SESSION_WAIT: Final = 8

# Decisions.
DEEPIDV_DECISION_VERIFIED: Final = 1
DEEPIDV_DECISION_REJECTED: Final = 2

# Verdicts.
DEEPIDV_VERDICT_UNKNOWN: Final = 0
DEEPIDV_VERDICT_VERIFIED: Final = 1
DEEPIDV_VERDICT_REJECTED: Final = 2
DEEPIDV_VERDICT_SUBMITTED: Final = 3
DEEPIDV_VERDICT_PENDING: Final = 4
DEEPIDV_VERDICT_EXPIRED: Final = 5
DEEPIDV_VERDICT_FORGED: Final = 6

# Facts about a result.
DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED: Final = 1
DEEPIDV_RESULT_FACT_MORE_SESSIONS: Final = 2
DEEPIDV_RESULT_FACT_MORE_LINKS: Final = 4
DEEPIDV_RESULT_FACT_MORE_HINTS: Final = 8

# Types of webhook.
DEEPIDV_WEBHOOK_OTHER: Final = -1
DEEPIDV_WEBHOOK_SESSION_CREATED: Final = 1
DEEPIDV_WEBHOOK_SESSION_SUBMITTED: Final = 2
DEEPIDV_WEBHOOK_SESSION_VERIFIED: Final = 3
DEEPIDV_WEBHOOK_SESSION_REJECTED: Final = 4
DEEPIDV_WEBHOOK_SESSION_FAILED: Final = 5

# The words that the service uses for them.
WEBHOOK_TYPE_WORDS: Final[dict[int, str]] = {
    DEEPIDV_WEBHOOK_SESSION_CREATED: "session.created",
    DEEPIDV_WEBHOOK_SESSION_SUBMITTED: "session.status.submitted",
    DEEPIDV_WEBHOOK_SESSION_VERIFIED: "session.status.verified",
    DEEPIDV_WEBHOOK_SESSION_REJECTED: "session.status.rejected",
    DEEPIDV_WEBHOOK_SESSION_FAILED: "session.status.failed",
}

# Sizes.
DEEPIDV_STATE_SIZE: Final = 128
DEEPIDV_RECONCILE_TOKEN_SIZE: Final = 1088

# Log levels.
DEEPIDV_LEVEL_OFF: Final = 0
DEEPIDV_LEVEL_ERROR: Final = 1
DEEPIDV_LEVEL_WARNING: Final = 2
DEEPIDV_LEVEL_INFO: Final = 3
DEEPIDV_LEVEL_DEBUG: Final = 4

# The words that the service uses for them.
LOG_LEVEL_WORDS: Final[dict[int, str]] = {
    DEEPIDV_LEVEL_OFF: "off",
    DEEPIDV_LEVEL_ERROR: "error",
    DEEPIDV_LEVEL_WARNING: "warning",
    DEEPIDV_LEVEL_INFO: "info",
    DEEPIDV_LEVEL_DEBUG: "debug",
}

# Log records.
DEEPIDV_LOG_LOST: Final = 1
DEEPIDV_LOG_SUBMITTED: Final = 2
DEEPIDV_LOG_CONNECTED: Final = 3
DEEPIDV_LOG_ATTEMPT: Final = 4
DEEPIDV_LOG_STALE: Final = 5
DEEPIDV_LOG_THROTTLED: Final = 6
DEEPIDV_LOG_RETRY: Final = 7
DEEPIDV_LOG_SEARCH: Final = 8
DEEPIDV_LOG_ENDED: Final = 9

# The words that the service uses for them.
LOG_CODE_WORDS: Final[dict[int, str]] = {
    DEEPIDV_LOG_LOST: "lost",
    DEEPIDV_LOG_SUBMITTED: "submitted",
    DEEPIDV_LOG_CONNECTED: "connected",
    DEEPIDV_LOG_ATTEMPT: "attempt",
    DEEPIDV_LOG_STALE: "stale",
    DEEPIDV_LOG_THROTTLED: "throttled",
    DEEPIDV_LOG_RETRY: "retry",
    DEEPIDV_LOG_SEARCH: "search",
    DEEPIDV_LOG_ENDED: "ended",
}


class deepidv_config(Structure):
    """The options of a client. deepidv_client_new() copies them."""


class deepidv_client(Structure):
    """Connections to the service, a worker thread, and a completion queue."""


class deepidv_session_request(Structure):
    """The applicant to verify: the body of a Create Session request."""


class deepidv_result(Structure):
    """The outcome of one operation. Immutable, and independent of the client."""


class deepidv_state_keys(Structure):
    """The secret keys of states. The first key signs; every key verifies."""


class deepidv_webhook_secrets(Structure):
    """The signing secrets of webhooks. Every secret verifies."""


class deepidv_webhook(Structure):
    """A webhook event whose signature was verified. Immutable."""


class deepidv_span(Structure):
    """A part of the caller's text, by position, so that the text may be moved."""

    offset: int
    length: int

    _fields_ = (
        ("offset", c_uint32),
        ("length", c_uint32),
    )


class deepidv_redirect(Structure):
    """What the query of a redirect claims.

    Nothing in it is signed: anybody can type it. Spans are raw parts of the parsed
    text; deepidv_span_decode() decodes them.
    """

    present: int
    status: int
    reason: int
    facts: int
    session_id: deepidv_span
    status_text: deepidv_span
    reason_text: deepidv_span
    fragment: deepidv_span
    repeated: deepidv_span
    other_session_id: deepidv_span
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("present", c_uint32),
        ("status", c_int32),
        ("reason", c_int32),
        ("facts", c_uint32),
        ("session_id", deepidv_span),
        ("status_text", deepidv_span),
        ("reason_text", deepidv_span),
        ("fragment", deepidv_span),
        ("repeated", deepidv_span),
        ("other_session_id", deepidv_span),
        ("reserved", c_uint32 * 4),
    )


class deepidv_param(Structure):
    """One query parameter, and the position of the next.

    Set it to zero to start at the first. Spans are raw parts of the text;
    deepidv_span_decode() decodes them.
    """

    name: deepidv_span
    value: deepidv_span
    position: int
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("name", deepidv_span),
        ("value", deepidv_span),
        ("position", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class deepidv_session_url(Structure):
    """The parts of a session URL in the documented form.

    Spans are raw parts of the text.
    """

    present: int
    session_id: deepidv_span
    org_id: deepidv_span
    redirect_url: deepidv_span
    repeated: deepidv_span
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("present", c_uint32),
        ("session_id", deepidv_span),
        ("org_id", deepidv_span),
        ("redirect_url", deepidv_span),
        ("repeated", deepidv_span),
        ("reserved", c_uint32 * 3),
    )


class deepidv_event(Structure):
    """One completion, taken from the queue by deepidv_client_next()."""

    op: int
    tag: int
    status: int
    kind: int
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("op", c_uint64),
        ("tag", c_uint64),
        ("status", c_int32),
        ("kind", c_uint32),
        ("reserved", c_uint32 * 4),
    )


class deepidv_session(Structure):
    """The session of a result or of a webhook in one struct.

    Each member has the value that the function beside it returns, or would return for
    the record in a webhook. Texts are borrowed from the result or the webhook. An
    absent text is NULL with length 0.
    """

    id: bytes | None
    id_len: int
    url: bytes | None
    url_len: int
    external_id: bytes | None
    external_id_len: int
    expires_at: bytes | None
    expires_at_len: int
    status: bytes | None
    status_len: int
    progress: bytes | None
    progress_len: int
    json: bytes | None
    json_len: int
    elapsed_us: int
    http_status: int
    attempts: int
    link_count: int
    reconciled: int
    verdict: int
    facts: int
    found: int
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("id", c_char_p),
        ("id_len", c_size_t),
        ("url", c_char_p),
        ("url_len", c_size_t),
        ("external_id", c_char_p),
        ("external_id_len", c_size_t),
        ("expires_at", c_char_p),
        ("expires_at_len", c_size_t),
        ("status", c_char_p),
        ("status_len", c_size_t),
        ("progress", c_char_p),
        ("progress_len", c_size_t),
        ("json", c_char_p),
        ("json_len", c_size_t),
        ("elapsed_us", c_uint64),
        ("http_status", c_int32),
        ("attempts", c_uint32),
        ("link_count", c_uint32),
        ("reconciled", c_int32),
        ("verdict", c_int32),
        ("facts", c_uint32),
        ("found", c_int32),
        ("reserved", c_uint32 * 3),
    )


class deepidv_stats(Structure):
    """What a client has counted since it was created.

    Counters are updated one by one, so a reader may see some of them a moment earlier
    than others. Requests include retries and searches; operations do not.
    """

    submitted: int
    in_flight: int
    succeeded: int
    not_executed: int
    outcome_unknown: int
    refused: int
    failed: int
    cancelled: int
    timed_out: int
    requests: int
    retries: int
    searches: int
    throttled: int
    connections_opened: int
    connections_reused: int
    connections_stale: int
    bytes_sent: int
    bytes_received: int
    logs_lost: int
    elapsed_us: int
    latency: ctypes.Array[c_uint64]
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("submitted", c_uint64),
        ("in_flight", c_uint64),
        ("succeeded", c_uint64),
        ("not_executed", c_uint64),
        ("outcome_unknown", c_uint64),
        ("refused", c_uint64),
        ("failed", c_uint64),
        ("cancelled", c_uint64),
        ("timed_out", c_uint64),
        ("requests", c_uint64),
        ("retries", c_uint64),
        ("searches", c_uint64),
        ("throttled", c_uint64),
        ("connections_opened", c_uint64),
        ("connections_reused", c_uint64),
        ("connections_stale", c_uint64),
        ("bytes_sent", c_uint64),
        ("bytes_received", c_uint64),
        ("logs_lost", c_uint64),
        ("elapsed_us", c_uint64),
        ("latency", c_uint64 * 32),
        ("reserved", c_uint32 * 16),
    )


class deepidv_log(Structure):
    """A log record.

    It holds numbers only: no API key, no text of a request or a response. A number that
    does not apply is 0.
    """

    time_us: int
    op: int
    tag: int
    value: int
    level: int
    code: int
    kind: int
    status: int
    cause: int
    http_status: int
    attempt: int
    reserved: ctypes.Array[c_uint32]

    _fields_ = (
        ("time_us", c_uint64),
        ("op", c_uint64),
        ("tag", c_uint64),
        ("value", c_uint64),
        ("level", c_int32),
        ("code", c_int32),
        ("kind", c_uint32),
        ("status", c_int32),
        ("cause", c_int32),
        ("http_status", c_int32),
        ("attempt", c_uint32),
        ("reserved", c_uint32 * 5),
    )


# The size of each struct.
STRUCTURE_SIZES: Final[tuple[tuple[type[Structure], int], ...]] = (
    (deepidv_span, 8),
    (deepidv_redirect, 80),
    (deepidv_param, 32),
    (deepidv_session_url, 48),
    (deepidv_event, 40),
    (deepidv_session, 160),
    (deepidv_stats, 480),
    (deepidv_log, 80),
)

# Pointer types, each created once: after another interpreter of the process has loaded ctypes,
# POINTER() returns different types, which these functions refuse.
p_c_char = POINTER(c_char)
p_c_size_t = POINTER(c_size_t)
p_deepidv_config = POINTER(deepidv_config)
p_p_deepidv_config = POINTER(p_deepidv_config)
p_p_c_char = POINTER(p_c_char)
p_deepidv_session_request = POINTER(deepidv_session_request)
p_p_deepidv_session_request = POINTER(p_deepidv_session_request)
p_deepidv_client = POINTER(deepidv_client)
p_p_deepidv_client = POINTER(p_deepidv_client)
p_deepidv_event = POINTER(deepidv_event)
p_deepidv_result = POINTER(deepidv_result)
p_p_deepidv_result = POINTER(p_deepidv_result)
p_c_uint64 = POINTER(c_uint64)
p_deepidv_session = POINTER(deepidv_session)
p_deepidv_span = POINTER(deepidv_span)
p_c_int64 = POINTER(c_int64)
p_c_int32 = POINTER(c_int32)
p_deepidv_redirect = POINTER(deepidv_redirect)
p_deepidv_param = POINTER(deepidv_param)
p_deepidv_session_url = POINTER(deepidv_session_url)
p_deepidv_state_keys = POINTER(deepidv_state_keys)
p_p_deepidv_state_keys = POINTER(p_deepidv_state_keys)
p_deepidv_webhook_secrets = POINTER(deepidv_webhook_secrets)
p_p_deepidv_webhook_secrets = POINTER(p_deepidv_webhook_secrets)
p_deepidv_webhook = POINTER(deepidv_webhook)
p_p_deepidv_webhook = POINTER(p_deepidv_webhook)
p_deepidv_stats = POINTER(deepidv_stats)
p_deepidv_log = POINTER(deepidv_log)

# Name, restype, argtypes.
FUNCTIONS: Final[tuple[tuple[str, Any, tuple[Any, ...]], ...]] = (
    ("deepidv_version", p_c_char, ()),
    ("deepidv_abi_version", c_uint32, ()),
    ("deepidv_status_name", p_c_char, (c_int32,)),
    ("deepidv_status_text", p_c_char, (c_int32,)),
    ("deepidv_libcurl_problem", deepidv_status, (p_c_char, c_size_t, p_c_size_t)),
    ("deepidv_config_new", deepidv_status, (p_p_deepidv_config,)),
    ("deepidv_config_free", None, (p_deepidv_config,)),
    (
        "deepidv_config_set",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t, c_char_p, c_size_t),
    ),
    ("deepidv_config_key", p_c_char, (c_uint32, p_c_size_t)),
    (
        "deepidv_config_set_api_key",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    (
        "deepidv_config_set_base_url",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    ("deepidv_config_set_timeout_ms", deepidv_status, (p_deepidv_config, c_uint32)),
    (
        "deepidv_config_set_connect_timeout_ms",
        deepidv_status,
        (p_deepidv_config, c_uint32),
    ),
    ("deepidv_config_set_max_in_flight", deepidv_status, (p_deepidv_config, c_uint32)),
    ("deepidv_config_set_rate_limit", deepidv_status, (p_deepidv_config, c_uint32)),
    ("deepidv_config_set_rate_burst", deepidv_status, (p_deepidv_config, c_uint32)),
    (
        "deepidv_config_set_connection_reuse",
        deepidv_status,
        (p_deepidv_config, c_uint32),
    ),
    (
        "deepidv_config_set_make_external_id",
        deepidv_status,
        (p_deepidv_config, c_uint32),
    ),
    ("deepidv_config_set_repeat_guard", deepidv_status, (p_deepidv_config, c_uint32)),
    ("deepidv_config_set_settle_ms", deepidv_status, (p_deepidv_config, c_uint32)),
    (
        "deepidv_config_set_ca_file",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    (
        "deepidv_config_set_proxy",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    (
        "deepidv_config_set_user_agent",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    (
        "deepidv_config_set_allow_http_hosts",
        deepidv_status,
        (p_deepidv_config, c_char_p, c_size_t),
    ),
    ("deepidv_config_set_log_level", deepidv_status, (p_deepidv_config, c_uint32)),
    (
        "deepidv_config_set_use_environment",
        deepidv_status,
        (p_deepidv_config, c_uint32),
    ),
    ("deepidv_config_from_env", deepidv_status, (p_deepidv_config, p_p_c_char)),
    ("deepidv_session_request_new", deepidv_status, (p_p_deepidv_session_request,)),
    ("deepidv_session_request_free", None, (p_deepidv_session_request,)),
    (
        "deepidv_session_request_set_json",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t, p_p_c_char, p_c_size_t),
    ),
    (
        "deepidv_session_request_set_first_name",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_last_name",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_email",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_phone",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_external_id",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_send_email_invite",
        deepidv_status,
        (p_deepidv_session_request, c_int32),
    ),
    (
        "deepidv_session_request_set_send_phone_invite",
        deepidv_status,
        (p_deepidv_session_request, c_int32),
    ),
    (
        "deepidv_session_request_set_workflow_id",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_redirect_url",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_set_expires_in_hours",
        deepidv_status,
        (p_deepidv_session_request, c_uint32),
    ),
    (
        "deepidv_session_request_set_search_first",
        deepidv_status,
        (p_deepidv_session_request, c_int32),
    ),
    (
        "deepidv_session_request_set_traceparent",
        deepidv_status,
        (p_deepidv_session_request, c_char_p, c_size_t),
    ),
    (
        "deepidv_session_request_validate",
        deepidv_status,
        (p_deepidv_session_request, p_p_c_char),
    ),
    ("deepidv_client_new", deepidv_status, (p_deepidv_config, p_p_deepidv_client)),
    ("deepidv_client_close", deepidv_status, (p_deepidv_client,)),
    ("deepidv_client_free", None, (p_deepidv_client,)),
    ("deepidv_client_fd", c_int, (p_deepidv_client,)),
    (
        "deepidv_client_next",
        deepidv_status,
        (p_deepidv_client, p_deepidv_event, p_p_deepidv_result),
    ),
    (
        "deepidv_client_take",
        deepidv_status,
        (p_deepidv_client, c_uint64, c_int32, p_deepidv_event, p_p_deepidv_result),
    ),
    ("deepidv_client_wait", deepidv_status, (p_deepidv_client, c_int32)),
    (
        "deepidv_client_grant",
        deepidv_status,
        (p_deepidv_client, c_uint32, c_uint32, c_int32, p_c_uint64),
    ),
    ("deepidv_client_cancel", deepidv_status, (p_deepidv_client, c_uint64)),
    (
        "deepidv_session_create",
        deepidv_status,
        (p_deepidv_client, p_deepidv_session_request, p_p_deepidv_result),
    ),
    (
        "deepidv_session_create_submit",
        deepidv_status,
        (p_deepidv_client, p_deepidv_session_request, c_uint64, p_c_uint64),
    ),
    (
        "deepidv_session_find_or_create",
        deepidv_status,
        (p_deepidv_client, p_deepidv_session_request, p_p_deepidv_result),
    ),
    (
        "deepidv_session_find_or_create_submit",
        deepidv_status,
        (p_deepidv_client, p_deepidv_session_request, c_uint64, p_c_uint64),
    ),
    (
        "deepidv_session_retrieve",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, p_p_deepidv_result),
    ),
    (
        "deepidv_session_retrieve_submit",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_uint64, p_c_uint64),
    ),
    (
        "deepidv_session_list",
        deepidv_status,
        (
            p_deepidv_client,
            c_char_p,
            c_size_t,
            c_uint32,
            c_char_p,
            c_size_t,
            p_p_deepidv_result,
        ),
    ),
    (
        "deepidv_session_list_submit",
        deepidv_status,
        (
            p_deepidv_client,
            c_char_p,
            c_size_t,
            c_uint32,
            c_char_p,
            c_size_t,
            c_uint64,
            p_c_uint64,
        ),
    ),
    (
        "deepidv_session_reconcile",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, p_p_deepidv_result),
    ),
    (
        "deepidv_session_reconcile_submit",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_uint64, p_c_uint64),
    ),
    (
        "deepidv_reconcile_token",
        deepidv_status,
        (c_char_p, c_size_t, c_uint64, p_c_char, c_size_t, p_c_size_t),
    ),
    (
        "deepidv_session_update_status",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_int32, p_p_deepidv_result),
    ),
    (
        "deepidv_session_update_status_submit",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_int32, c_uint64, p_c_uint64),
    ),
    (
        "deepidv_session_wait",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_uint32, p_p_deepidv_result),
    ),
    (
        "deepidv_session_wait_submit",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_uint32, c_uint64, p_c_uint64),
    ),
    ("deepidv_result_free", None, (p_deepidv_result,)),
    ("deepidv_result_status", deepidv_status, (p_deepidv_result,)),
    ("deepidv_result_cause", deepidv_status, (p_deepidv_result,)),
    ("deepidv_result_http_status", c_int32, (p_deepidv_result,)),
    ("deepidv_result_message", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_field", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_api_code", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_request_id", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_hint_count", c_uint32, (p_deepidv_result,)),
    ("deepidv_result_hint", p_c_char, (p_deepidv_result, c_uint32, p_c_size_t)),
    ("deepidv_result_attempts", c_uint32, (p_deepidv_result,)),
    ("deepidv_result_elapsed_us", c_uint64, (p_deepidv_result,)),
    ("deepidv_result_json", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_describe", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_session", deepidv_status, (p_deepidv_result, p_deepidv_session)),
    ("deepidv_result_session_id", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_session_url", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_external_id", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_expires_at", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_session_count", c_uint32, (p_deepidv_result,)),
    (
        "deepidv_result_session_id_at",
        p_c_char,
        (p_deepidv_result, c_uint32, p_c_size_t),
    ),
    (
        "deepidv_result_session_record_at",
        deepidv_status,
        (p_deepidv_result, c_uint32, p_deepidv_span),
    ),
    ("deepidv_result_session_status", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_session_progress", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_verdict", c_int32, (p_deepidv_result,)),
    ("deepidv_result_next_token", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_reconciled", c_int32, (p_deepidv_result,)),
    ("deepidv_result_found", c_int32, (p_deepidv_result,)),
    ("deepidv_result_reconcile_token", p_c_char, (p_deepidv_result, p_c_size_t)),
    ("deepidv_result_retry_after_ms", c_uint64, (p_deepidv_result,)),
    ("deepidv_result_facts", c_uint32, (p_deepidv_result,)),
    ("deepidv_result_link_count", c_uint32, (p_deepidv_result,)),
    ("deepidv_result_link", p_c_char, (p_deepidv_result, c_uint32, p_c_size_t)),
    ("deepidv_result_link_rel", p_c_char, (p_deepidv_result, c_uint32, p_c_size_t)),
    (
        "deepidv_result_string",
        deepidv_status,
        (p_deepidv_result, c_char_p, c_size_t, p_c_char, c_size_t, p_c_size_t),
    ),
    (
        "deepidv_result_int",
        deepidv_status,
        (p_deepidv_result, c_char_p, c_size_t, p_c_int64),
    ),
    (
        "deepidv_result_bool",
        deepidv_status,
        (p_deepidv_result, c_char_p, c_size_t, p_c_int32),
    ),
    (
        "deepidv_redirect_parse",
        deepidv_status,
        (c_char_p, c_size_t, p_deepidv_redirect),
    ),
    (
        "deepidv_redirect_describe",
        deepidv_status,
        (c_char_p, c_size_t, p_c_char, c_size_t, p_c_size_t),
    ),
    (
        "deepidv_redirect_matches",
        deepidv_status,
        (c_char_p, c_size_t, p_deepidv_redirect, c_char_p, c_size_t),
    ),
    (
        "deepidv_redirect_param",
        deepidv_status,
        (c_char_p, c_size_t, c_char_p, c_size_t, p_deepidv_span),
    ),
    (
        "deepidv_redirect_next_param",
        deepidv_status,
        (c_char_p, c_size_t, p_deepidv_param),
    ),
    (
        "deepidv_span_decode",
        deepidv_status,
        (c_char_p, c_size_t, p_deepidv_span, p_c_char, c_size_t, p_c_size_t),
    ),
    (
        "deepidv_session_url_parse",
        deepidv_status,
        (c_char_p, c_size_t, p_deepidv_session_url),
    ),
    ("deepidv_state_keys_new", deepidv_status, (p_p_deepidv_state_keys,)),
    ("deepidv_state_keys_free", None, (p_deepidv_state_keys,)),
    (
        "deepidv_state_keys_add",
        deepidv_status,
        (p_deepidv_state_keys, c_char_p, c_size_t),
    ),
    (
        "deepidv_state_new",
        deepidv_status,
        (
            p_deepidv_state_keys,
            c_char_p,
            c_size_t,
            c_uint32,
            p_c_char,
            c_size_t,
            p_c_size_t,
        ),
    ),
    (
        "deepidv_redirect_url_with_state",
        deepidv_status,
        (c_char_p, c_size_t, c_char_p, c_size_t, p_c_char, c_size_t, p_c_size_t),
    ),
    (
        "deepidv_state_verify",
        deepidv_status,
        (p_deepidv_state_keys, c_char_p, c_size_t, c_char_p, c_size_t),
    ),
    (
        "deepidv_redirect_confirm",
        deepidv_status,
        (p_deepidv_client, c_char_p, c_size_t, c_char_p, c_size_t, p_p_deepidv_result),
    ),
    (
        "deepidv_redirect_confirm_submit",
        deepidv_status,
        (
            p_deepidv_client,
            c_char_p,
            c_size_t,
            c_char_p,
            c_size_t,
            c_uint64,
            p_c_uint64,
        ),
    ),
    ("deepidv_verdict_name", p_c_char, (c_int32,)),
    ("deepidv_webhook_secrets_new", deepidv_status, (p_p_deepidv_webhook_secrets,)),
    ("deepidv_webhook_secrets_free", None, (p_deepidv_webhook_secrets,)),
    (
        "deepidv_webhook_secrets_add",
        deepidv_status,
        (p_deepidv_webhook_secrets, c_char_p, c_size_t),
    ),
    (
        "deepidv_webhook_open",
        deepidv_status,
        (
            p_deepidv_webhook_secrets,
            c_char_p,
            c_size_t,
            c_char_p,
            c_size_t,
            p_p_deepidv_webhook,
        ),
    ),
    ("deepidv_webhook_free", None, (p_deepidv_webhook,)),
    ("deepidv_webhook_type", c_int32, (p_deepidv_webhook,)),
    ("deepidv_webhook_type_text", p_c_char, (p_deepidv_webhook, p_c_size_t)),
    ("deepidv_webhook_session", deepidv_status, (p_deepidv_webhook, p_deepidv_session)),
    ("deepidv_webhook_verdict", c_int32, (p_deepidv_webhook,)),
    ("deepidv_webhook_key", p_c_char, (p_deepidv_webhook, p_c_size_t)),
    ("deepidv_webhook_json", p_c_char, (p_deepidv_webhook, p_c_size_t)),
    ("deepidv_webhook_describe", p_c_char, (p_deepidv_webhook, p_c_size_t)),
    ("deepidv_webhook_supersedes", c_int32, (c_char_p, c_size_t, c_char_p, c_size_t)),
    ("deepidv_client_stats", deepidv_status, (p_deepidv_client, p_deepidv_stats)),
    (
        "deepidv_client_describe",
        deepidv_status,
        (p_deepidv_client, p_c_char, c_size_t, p_c_size_t),
    ),
    ("deepidv_client_next_log", deepidv_status, (p_deepidv_client, p_deepidv_log)),
)


def text(pointer: Any, length: int = -1) -> bytes | None:
    """Copy a borrowed text, or return None if there is none.

    Without a length, the text ends at its first NUL.
    """
    return ctypes.string_at(pointer, length) if pointer else None


def bind(library: ctypes.CDLL) -> ctypes.CDLL:
    """Declare every function of a loaded library.

    Raises ImportError if the interface of the library differs from these declarations.
    """
    check_version(library)
    for structure, size in STRUCTURE_SIZES:
        if ctypes.sizeof(structure) != size:
            raise ImportError(
                f"{structure.__name__} has {ctypes.sizeof(structure)} bytes, not {size}"
            )
    for function_name, restype, argtypes in FUNCTIONS:
        try:
            function = getattr(library, function_name)
        except AttributeError:
            raise ImportError(f"{NEEDED}, but {library._name} lacks {function_name}") from None
        function.restype = restype
        function.argtypes = argtypes
    return library
