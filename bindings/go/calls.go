package deepidv

// #include <deepidv.h>
import "C"

import (
	"context"
	"time"
)

// Request is an Applicant, or JSON.
type Request interface {
	fill(request *C.deepidv_session_request) error
}

// JSON is an applicant as a JSON object, with names in snake_case or camelCase.
type JSON string

func (j JSON) fill(request *C.deepidv_session_request) error {
	p, n := text(string(j))
	var field *C.char
	if s := C.deepidv_session_request_set_json(request, p, n, &field, nil); s != 0 {
		return refused(s, C.GoString(field))
	}
	return nil
}

// Check reports whether the library would accept the request, without sending it.
func Check(request Request) error {
	handle, err := newRequest(request, false)
	defer C.deepidv_session_request_free(handle)
	if err != nil {
		return err
	}
	var field *C.char
	if s := C.deepidv_session_request_validate(handle, &field); s != 0 {
		return refused(s, C.GoString(field))
	}
	return nil
}

// newRequest returns a request that may lack fields. Free it in any case.
func newRequest(request Request, search bool) (*C.deepidv_session_request, error) {
	var handle *C.deepidv_session_request
	if s := C.deepidv_session_request_new(&handle); s != 0 {
		return nil, refused(s, "")
	}
	if err := request.fill(handle); err != nil {
		return handle, err
	}
	C.deepidv_session_request_set_search_first(handle, number(search))
	return handle, nil
}

// Create creates a session, which costs tokens and invites the applicant. If the context ends first and
// the request was already sent, the error is an *OutcomeUnknownError.
func (c *Client) Create(ctx context.Context, request Request) (*Session, error) {
	return c.create(ctx, request, false)
}

// FindOrCreate searches for the session with the external id of the request, and creates it if there is
// none. It is for callers that may run twice, such as the jobs of a queue.
func (c *Client) FindOrCreate(ctx context.Context, request Request) (*Session, error) {
	return c.create(ctx, request, true)
}

func (c *Client) create(ctx context.Context, request Request, search bool) (*Session, error) {
	handle, err := newRequest(request, search)
	defer C.deepidv_session_request_free(handle)
	if err != nil {
		return nil, err
	}
	if C.deepidv_session_request_validate(handle, nil) != 0 {
		return session(c.core.refuse(handle))
	}
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_create_submit(client, handle, tag, op)
	}))
}

// Retrieve returns the record of a session. Only the record confirms an outcome.
func (c *Client) Retrieve(ctx context.Context, sessionID string) (*Session, error) {
	id, idLen := text(sessionID)
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_retrieve_submit(client, id, idLen, tag, op)
	}))
}

// Page is a page of the list of sessions.
type Page struct {
	IDs       []string
	NextToken string // empty on the last page
	Raw       []byte // the response, with the record of each session
	describe  string
}

// Describe returns the whole result as JSON. It may contain personal data.
func (p *Page) Describe() string { return p.describe }

// List returns a page of sessions: those with this external id, or all if it is empty. A limit of 0 is
// the default of the service. nextToken is from the previous page, or empty.
func (c *Client) List(ctx context.Context, externalID string, limit uint32, nextToken string) (*Page, error) {
	external, externalLen := optional(externalID)
	next, nextLen := optional(nextToken)
	o, err := c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_list_submit(client, external, externalLen, C.uint32_t(limit), next, nextLen, tag, op)
	})
	d, err := described(o, err)
	if err != nil {
		return nil, err
	}
	return &Page{d.SessionIDs, d.NextToken, o.raw, o.describe}, nil
}

// UpdateStatus verifies or rejects a session.
func (c *Client) UpdateStatus(ctx context.Context, sessionID string, decision Decision) (*Session, error) {
	id, idLen := text(sessionID)
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_update_status_submit(client, id, idLen, C.int32_t(decision), tag, op)
	}))
}

// Confirm compares a redirect with the session that you expect, and retrieves that session. Accept the
// applicant only if the Verdict is VerdictVerified. A forged redirect is a verdict, not an error.
func (c *Client) Confirm(ctx context.Context, redirect, sessionID string) (*Session, error) {
	url, urlLen := text(redirect)
	id, idLen := text(sessionID)
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_redirect_confirm_submit(client, url, urlLen, id, idLen, tag, op)
	}))
}

// Reconcile searches for the session of a create whose outcome is unknown, with the token of an
// *OutcomeUnknownError.
func (c *Client) Reconcile(ctx context.Context, token string) (*Session, error) {
	p, n := text(token)
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_reconcile_submit(client, p, n, tag, op)
	}))
}

// Wait waits until a session is decided, or cannot be any more. If it has not ended before the timeout,
// the error is StatusTimeout.
func (c *Client) Wait(ctx context.Context, sessionID string, timeout time.Duration) (*Session, error) {
	id, idLen := text(sessionID)
	limit := (timeout + time.Millisecond - 1) / time.Millisecond
	if limit < 1 || limit > 86_400_000 {
		return nil, refused(C.DEEPIDV_E_RANGE, "timeout")
	}
	return session(c.run(ctx, func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status {
		return C.deepidv_session_wait_submit(client, id, idLen, C.uint32_t(limit), tag, op)
	}))
}
