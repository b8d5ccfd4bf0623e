use crate::error::{Details, OutcomeUnknown};
use crate::generated::{uncertain, Error, ResultFacts, Status, Verdict};
use crate::{client, ffi};
use std::mem::MaybeUninit;
use std::os::raw::c_char;
use std::time::Duration;

/// A session of the service. Its texts may contain personal data.
#[derive(Clone, Debug)]
pub struct Session {
    /// The id.
    pub id: String,
    /// The URL for the applicant; only a create returns it.
    pub url: Option<String>,
    /// Your external id, or the one that the library made.
    pub external_id: Option<String>,
    /// When it expires, in ISO 8601.
    pub expires_at: Option<String>,
    /// The status in the service's words, such as VERIFIED.
    pub status: Option<String>,
    /// The progress in the service's words.
    pub progress: Option<String>,
    /// What the status means.
    pub verdict: Verdict,
    /// It existed before a find_or_create.
    pub found: bool,
    /// It was found by a search, so it has no URL.
    pub reconciled: bool,
    /// How many times the request was sent.
    pub attempts: u32,
    /// What is missing in this struct.
    pub facts: ResultFacts,
    /// The links of the response.
    pub links: Vec<Link>,
    /// The body of the response.
    pub raw: Vec<u8>,
    /// The whole result as JSON.
    pub describe: String,
}

/// A link of a response.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// What it is.
    pub rel: Option<String>,
}

/// A page of the list of sessions.
#[derive(Clone, Debug)]
pub struct Page {
    /// The ids of the sessions.
    pub ids: Vec<String>,
    /// The token of the next page, or None on the last one.
    pub next_token: Option<String>,
    /// The body of the response, with the record of each session.
    pub raw: Vec<u8>,
    /// The whole result as JSON.
    pub describe: String,
}

/// A result, freed when it is dropped.
pub(crate) struct ResultHandle(pub(crate) *mut ffi::deepidv_result);

// SAFETY: any thread may free a result that no other thread uses. It is not shared.
unsafe impl Send for ResultHandle {}

impl Drop for ResultHandle {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_result_free(self.0) }
    }
}

type Getter = unsafe extern "C" fn(*const ffi::deepidv_result, *mut usize) -> *const c_char;
type GetterAt = unsafe extern "C" fn(*const ffi::deepidv_result, u32, *mut usize) -> *const c_char;

impl ResultHandle {
    /// Makes a blocking call.
    pub(crate) fn from_call(
        call: impl FnOnce(*mut *mut ffi::deepidv_result) -> i32,
    ) -> Result<Self, Error> {
        let mut result = Self(std::ptr::null_mut());
        let status = call(&mut result.0);
        if result.0.is_null() {
            client::check(status, "")?;
        }
        Ok(result)
    }

    pub(crate) fn session(&self) -> Result<Session, Error> {
        let session = self.read_session();
        // A forged redirect is a verdict.
        if self.status() == Status::OK || session.verdict == Verdict::Forged {
            return Ok(session);
        }
        Err(self.error(session))
    }

    pub(crate) fn page(&self) -> Result<Page, Error> {
        if self.status() != Status::OK {
            return Err(self.error(self.read_session()));
        }
        Ok(Page {
            ids: self.texts(ffi::deepidv_result_session_id_at),
            next_token: self.text(ffi::deepidv_result_next_token),
            raw: self.bytes(ffi::deepidv_result_json).unwrap_or_default(),
            describe: self.text(ffi::deepidv_result_describe).unwrap_or_default(),
        })
    }

    fn status(&self) -> Status {
        Status(unsafe { ffi::deepidv_result_status(self.0) })
    }

    fn read_session(&self) -> Session {
        let mut read = MaybeUninit::<ffi::deepidv_session>::zeroed();
        // SAFETY: the result is live; the call fills the struct, for which zeros are valid too.
        let read = unsafe {
            ffi::deepidv_result_session(self.0, read.as_mut_ptr());
            read.assume_init()
        };
        let rels = self.items(ffi::deepidv_result_link_rel, read.link_count);
        let urls = self.items(ffi::deepidv_result_link, read.link_count);
        Session {
            id: copy(read.id, read.id_len).map(lossy).unwrap_or_default(),
            url: copy(read.url, read.url_len).map(lossy),
            external_id: copy(read.external_id, read.external_id_len).map(lossy),
            expires_at: copy(read.expires_at, read.expires_at_len).map(lossy),
            status: copy(read.status, read.status_len).map(lossy),
            progress: copy(read.progress, read.progress_len).map(lossy),
            verdict: Verdict::from_number(read.verdict),
            found: read.found != 0,
            reconciled: read.reconciled != 0,
            attempts: read.attempts,
            facts: ResultFacts(read.facts),
            links: urls
                .into_iter()
                .zip(rels)
                .filter_map(|(url, rel)| Some(Link { url: url?, rel }))
                .collect(),
            raw: copy(read.json, read.json_len).unwrap_or_default(),
            describe: self.text(ffi::deepidv_result_describe).unwrap_or_default(),
        }
    }

    fn error(&self, session: Session) -> Error {
        let status = self.status();
        // SAFETY: the result is live.
        let (cause, http_status, retry_after) = unsafe {
            (
                Status(ffi::deepidv_result_cause(self.0)),
                ffi::deepidv_result_http_status(self.0),
                Duration::from_millis(ffi::deepidv_result_retry_after_ms(self.0)),
            )
        };
        let seen = status == Status::TIMEOUT && !session.id.is_empty();
        let details = Details {
            status,
            cause,
            field: self.text(ffi::deepidv_result_field),
            http_status,
            retry_after,
            api_code: self.text(ffi::deepidv_result_api_code),
            request_id: self.text(ffi::deepidv_result_request_id),
            external_id: session.external_id.clone(),
            message: self.text(ffi::deepidv_result_message),
            hints: self.texts(ffi::deepidv_result_hint),
            describe: session.describe.clone(),
            has_result: true,
            session: Some(session).filter(|_| seen),
        };
        if !uncertain(status) {
            return details.into_error();
        }
        Error::OutcomeUnknown(Box::new(OutcomeUnknown {
            reconcile_token: self.text(ffi::deepidv_result_reconcile_token),
            session_ids: self.texts(ffi::deepidv_result_session_id_at),
            details,
        }))
    }

    fn bytes(&self, getter: Getter) -> Option<Vec<u8>> {
        let mut length = 0;
        // SAFETY: the result is live.
        let text = unsafe { getter(self.0, &mut length) };
        copy(text, length)
    }

    fn text(&self, getter: Getter) -> Option<String> {
        self.bytes(getter).map(lossy)
    }

    /// Reads until the first text that is absent.
    fn texts(&self, getter: GetterAt) -> Vec<String> {
        (0..)
            .map_while(|index| self.items_at(getter, index))
            .collect()
    }

    fn items(&self, getter: GetterAt, count: u32) -> Vec<Option<String>> {
        (0..count)
            .map(|index| self.items_at(getter, index))
            .collect()
    }

    fn items_at(&self, getter: GetterAt, index: u32) -> Option<String> {
        let mut length = 0;
        // SAFETY: the result is live.
        let text = unsafe { getter(self.0, index, &mut length) };
        copy(text, length).map(lossy)
    }
}

fn copy(text: *const c_char, length: usize) -> Option<Vec<u8>> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the library returned the pointer with its length, and the result is still live.
    Some(unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) }.to_vec())
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}
