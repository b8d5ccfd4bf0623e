package deepidv

// #include <deepidv.h>
import "C"

import (
	"encoding/json"
	"unsafe"
)

// Redirect is what the query of a redirect claims, decoded. Nothing in it is signed: see Client.Confirm.
type Redirect struct {
	SessionID      string         `json:"session_id"`
	Status         RedirectStatus `json:"status"`
	StatusText     string         `json:"status_text"`
	Reason         Reason         `json:"reason"`
	ReasonText     string         `json:"reason_text"`
	Facts          Facts          `json:"facts"`
	Fragment       string         `json:"fragment"`
	OtherSessionID string         `json:"other_session_id"`
	Params         []Param        `json:"params"`
	url            string
	describe       string
}

// Param is one of the parameters of a redirect, in order.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ParseRedirect reads a redirect: an absolute URL, a path with a query, or a query. If a parameter is
// repeated with another value, the error is StatusRepeated.
func ParseRedirect(url string) (*Redirect, error) {
	p, n := text(url)
	buffer := make([]byte, 8192)
	for {
		var length C.size_t
		s := C.deepidv_redirect_describe(p, n, (*C.char)(unsafe.Pointer(&buffer[0])), C.size_t(len(buffer)), &length)
		if s == C.DEEPIDV_E_BUFFER {
			buffer = make([]byte, int(length)+1)
			continue
		}
		if s != 0 {
			return nil, refused(s, "")
		}
		r := &Redirect{url: url, describe: string(buffer[:length])}
		return r, json.Unmarshal(buffer[:length], r)
	}
}

// Describe returns the redirect as JSON: see deepidv_redirect_describe.
func (r *Redirect) Describe() string { return r.describe }

// Matches compares the session id with the one that you stored, in constant time. If they differ, the
// error is StatusMismatch.
func (r *Redirect) Matches(sessionID string) error {
	p, n := text(r.url)
	id, idLen := text(sessionID)
	var parsed C.deepidv_redirect
	s := C.deepidv_redirect_parse(p, n, &parsed)
	if s == 0 {
		s = C.deepidv_redirect_matches(p, n, &parsed, id, idLen)
	}
	if s != 0 {
		return refused(s, "")
	}
	return nil
}

// Webhook is an event whose signature was verified.
type Webhook struct {
	Type       WebhookType `json:"type"`
	TypeText   string      `json:"type_text"`
	Key        string      `json:"key"` // see Supersedes
	Verdict    Verdict     `json:"verdict"`
	SessionID  string      `json:"session_id"`
	ExternalID string      `json:"external_id"`
	Status     string      `json:"session_status"`
	Progress   string      `json:"session_progress"`
	describe   string
}

// Describe returns the event as JSON: see deepidv_webhook_describe.
func (w *Webhook) Describe() string { return w.describe }

// Supersedes reports whether the event replaces the one with this key, which may be empty.
func (w *Webhook) Supersedes(key string) bool {
	p, n := text(w.Key)
	other, otherLen := text(key)
	return C.deepidv_webhook_supersedes(p, n, other, otherLen) == 1
}

// OpenWebhook verifies the header deepidv-signature with the secrets, then reads the body. Answer
// StatusWebhookSignature with 401, StatusWebhook with 400 and StatusTooLong with 413.
func OpenWebhook(body []byte, signature string, secrets ...string) (*Webhook, error) {
	var keys *C.deepidv_webhook_secrets
	if s := C.deepidv_webhook_secrets_new(&keys); s != 0 {
		return nil, refused(s, "")
	}
	defer C.deepidv_webhook_secrets_free(keys)
	for _, secret := range secrets {
		p, n := text(secret)
		if s := C.deepidv_webhook_secrets_add(keys, p, n); s != 0 {
			return nil, refused(s, "secret")
		}
	}
	p, n := text(signature)
	payload, payloadLen := text(string(body))
	var webhook *C.deepidv_webhook
	if s := C.deepidv_webhook_open(keys, p, n, payload, payloadLen, &webhook); s != 0 {
		return nil, refused(s, "")
	}
	defer C.deepidv_webhook_free(webhook)
	var length C.size_t
	described := C.deepidv_webhook_describe(webhook, &length)
	if described == nil {
		return nil, refused(C.DEEPIDV_E_NOMEM, "")
	}
	w := &Webhook{describe: C.GoStringN(described, C.int(length))}
	return w, json.Unmarshal([]byte(w.describe), w)
}
