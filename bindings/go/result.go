package deepidv

// #include <deepidv.h>
import "C"

import (
	"encoding/json"
	"errors"
	"time"
	"unsafe"
)

// Session is a session of the service. Its texts may contain personal data.
type Session struct {
	ID         string      `json:"session_id"`
	URL        string      `json:"session_url"` // for the applicant; only a create has it
	ExternalID string      `json:"external_id"`
	ExpiresAt  string      `json:"expires_at"`
	Status     string      `json:"session_status"` // in the service's words, such as VERIFIED
	Progress   string      `json:"session_progress"`
	Verdict    Verdict     `json:"verdict"`
	Found      bool        `json:"found"`      // it existed before
	Reconciled bool        `json:"reconciled"` // found by a search, so it has no URL
	Attempts   int         `json:"attempts"`
	Facts      ResultFacts `json:"facts"`
	Links      []Link      `json:"links"`
	Raw        []byte      `json:"-"` // the body of the response
	describe   string
}

// Link is a link of the response.
type Link struct {
	URL string `json:"url"`
	Rel string `json:"rel"`
}

// Describe returns the whole result as JSON: see deepidv_result_describe. It may contain personal data.
func (s *Session) Describe() string { return s.describe }

// outcome is a result, copied.
type outcome struct {
	description *description
	describe    string
	raw         []byte
	cancelled   error
}

func readResult(result *C.deepidv_result) outcome {
	var o outcome
	var n C.size_t
	if p := C.deepidv_result_describe(result, &n); p != nil {
		o.describe = C.GoStringN(p, C.int(n))
	}
	if p := C.deepidv_result_json(result, &n); p != nil {
		o.raw = C.GoBytes(unsafe.Pointer(p), C.int(n))
	}
	o.description = &description{}
	if json.Unmarshal([]byte(o.describe), o.description) != nil {
		// If memory ran out for the description, the outcome is still the one that the other functions return.
		o.description = readFields(result)
	}
	return o
}

// description has what Session leaves out.
type description struct {
	Session
	ResultStatus   Status   `json:"status"`
	Cause          Status   `json:"cause"`
	HTTPStatus     int      `json:"http_status"`
	Message        string   `json:"message"`
	Field          string   `json:"field"`
	APICode        string   `json:"api_code"`
	RequestID      string   `json:"request_id"`
	Hints          []string `json:"hints"`
	RetryAfterMS   uint64   `json:"retry_after_ms"`
	ReconcileToken string   `json:"reconcile_token"`
	NextToken      string   `json:"next_token"`
	SessionIDs     []string `json:"session_ids"`
}

func described(o outcome, err error) (*description, error) {
	if err != nil {
		return nil, err
	}
	d := o.description
	d.Raw, d.describe = o.raw, o.describe
	if d.ResultStatus == StatusOK || d.Verdict == VerdictForged {
		return d, nil
	}
	return nil, failure(d, o)
}

func session(o outcome, err error) (*Session, error) {
	d, err := described(o, err)
	if err != nil {
		return nil, err
	}
	return &d.Session, nil
}

func failure(d *description, o outcome) error {
	e := Error{
		Status: d.ResultStatus, Cause: d.Cause, Field: d.Field, HTTPStatus: d.HTTPStatus,
		RetryAfter: time.Duration(d.RetryAfterMS) * time.Millisecond, APICode: d.APICode,
		RequestID: d.RequestID, ExternalID: d.ExternalID, message: d.Message, hints: d.Hints, describe: o.describe,
	}
	if uncertain[e.Status] {
		return &OutcomeUnknownError{e, d.ReconcileToken, d.SessionIDs}
	}
	if e.Status == StatusTimeout && d.ID != "" {
		e.Session = &d.Session
	}
	e.cancelled = o.cancelled
	return &e
}

// Status is a DEEPIDV_E_ code. It is an error, so that errors.Is(err, deepidv.StatusNotFound) works.
type Status int32

// Name returns the name in C, such as DEEPIDV_E_PHONE.
func (s Status) Name() string { return C.GoString(C.deepidv_status_name(C.int32_t(s))) }

// Error returns what the status means.
func (s Status) Error() string { return C.GoString(C.deepidv_status_text(C.int32_t(s))) }

// Class returns the class of the status, or an empty one if it is unknown.
func (s Status) Class() Class { return classes[s] }

// Class is a class of failures. It is an error, so that errors.Is(err, deepidv.ClassService) works.
type Class string

// Error returns the name of the class.
func (c Class) Error() string { return string(c) }

// Error is a call that failed without executing anything, or without an answer to a lookup. Its text has
// no personal data, but Message, Hints and Describe may.
type Error struct {
	Status     Status
	Cause      Status // the reason, such as StatusConnect; otherwise equal to Status
	Field      string // the option, field or parameter that was refused
	HTTPStatus int
	RetryAfter time.Duration
	APICode    string
	RequestID  string // for the support of the service
	ExternalID string
	Session    *Session // of Wait: the record that was seen last
	message    string
	hints      []string
	describe   string
	cancelled  error
}

// Message returns the message of the service. It may contain personal data.
func (e *Error) Message() string { return e.message }

// Hints returns details that the service adds. They may contain personal data.
func (e *Error) Hints() []string { return e.hints }

// Describe returns the whole result as JSON, or an empty text if nothing was sent.
func (e *Error) Describe() string { return e.describe }

// Error returns the status and what it means.
func (e *Error) Error() string {
	if e.Status.Class() == ClassUntrusted {
		// One text, so that a forger learns nothing.
		return "deepidv: the signature or the body of the webhook was not accepted"
	}
	words := "deepidv: " + e.Status.Name()
	if e.Field != "" {
		words += " (" + e.Field + ")"
	}
	words += ": " + e.Status.Error()
	if e.Cause != e.Status {
		words += " Cause: " + e.Cause.Name() + "."
	}
	return words
}

// Is compares with a Status or a Class.
func (e *Error) Is(target error) bool {
	return target == error(e.Status) || target == error(e.Status.Class())
}

// Unwrap returns the error of the context that ended, or nil.
func (e *Error) Unwrap() error { return e.cancelled }

// Temporary reports whether the call is safe to repeat.
func (e *Error) Temporary() bool { return retryable[e.Status] || e.Status == StatusTimeout }

// OutcomeUnknownError means that a session may exist and the applicant may have been invited. Do not
// repeat the create in another process. It is not an *Error, and is never the error of a context, so that
// code that handles those does not take it for a failed create.
type OutcomeUnknownError struct {
	details        Error
	ReconcileToken string   // for Client.Reconcile, in any process
	SessionIDs     []string // with StatusDuplicate
}

// Details returns the status, the cause and the rest.
func (e *OutcomeUnknownError) Details() *Error { return &e.details }

// Error returns the status and what it means.
func (e *OutcomeUnknownError) Error() string { return e.details.Error() }

// Is compares with a Status or a Class.
func (e *OutcomeUnknownError) Is(target error) bool { return e.details.Is(target) }

// Temporary is false: the call must not be repeated.
func (e *OutcomeUnknownError) Temporary() bool { return false }

// Retryable reports whether the same call is safe to repeat after this error.
func Retryable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.cancelled == nil && e.Temporary()
}

// refused returns an error for a status without a result.
func refused(status C.deepidv_status, field string) error {
	return &Error{Status: Status(status), Cause: Status(status), Field: field}
}
