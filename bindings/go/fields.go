package deepidv

// #include <deepidv.h>
import "C"

// readFields reads a result without its description, with a call for each member.
func readFields(result *C.deepidv_result) *description {
	var n C.size_t
	optional := func(p *C.char) string {
		if p == nil {
			return ""
		}
		return C.GoStringN(p, C.int(n))
	}
	// Reads until the first text that is absent.
	texts := func(get func(index C.uint32_t) *C.char) (all []string) {
		for p := get(0); p != nil; p = get(C.uint32_t(len(all))) {
			all = append(all, C.GoStringN(p, C.int(n)))
		}
		return all
	}
	d := &description{
		ResultStatus: Status(C.deepidv_result_status(result)),
		Cause:        Status(C.deepidv_result_cause(result)),
		HTTPStatus:   int(C.deepidv_result_http_status(result)),
		RetryAfterMS: uint64(C.deepidv_result_retry_after_ms(result)),
	}
	// In statements of their own, because each call writes n.
	d.Message = optional(C.deepidv_result_message(result, &n))
	d.Field = optional(C.deepidv_result_field(result, &n))
	d.APICode = optional(C.deepidv_result_api_code(result, &n))
	d.RequestID = optional(C.deepidv_result_request_id(result, &n))
	d.ReconcileToken = optional(C.deepidv_result_reconcile_token(result, &n))
	d.NextToken = optional(C.deepidv_result_next_token(result, &n))
	d.Hints = texts(func(i C.uint32_t) *C.char { return C.deepidv_result_hint(result, i, &n) })
	d.SessionIDs = texts(func(i C.uint32_t) *C.char { return C.deepidv_result_session_id_at(result, i, &n) })
	d.ID = optional(C.deepidv_result_session_id(result, &n))
	d.URL = optional(C.deepidv_result_session_url(result, &n))
	d.ExternalID = optional(C.deepidv_result_external_id(result, &n))
	d.ExpiresAt = optional(C.deepidv_result_expires_at(result, &n))
	d.Session.Status = optional(C.deepidv_result_session_status(result, &n))
	d.Progress = optional(C.deepidv_result_session_progress(result, &n))
	d.Verdict = Verdict(C.deepidv_result_verdict(result))
	d.Found = C.deepidv_result_found(result) != 0
	d.Reconciled = C.deepidv_result_reconciled(result) != 0
	d.Attempts = int(C.deepidv_result_attempts(result))
	d.Facts = ResultFacts(C.deepidv_result_facts(result))
	for i, url := range texts(func(i C.uint32_t) *C.char { return C.deepidv_result_link(result, i, &n) }) {
		d.Links = append(d.Links, Link{url, optional(C.deepidv_result_link_rel(result, C.uint32_t(i), &n))})
	}
	return d
}
