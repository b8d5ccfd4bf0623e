use crate::error::Details;
use crate::generated::{Applicant, Decision, Error, Status, ABI};
use crate::operation::{Completion, Operation};
use crate::session::{Page, ResultHandle, Session};
use crate::{abi_version, ffi};
use std::ffi::CStr;
use std::os::raw::c_char;
use std::os::unix::io::{AsRawFd, RawFd};
use std::ptr;
use std::time::Duration;

/// The options of a client.
#[derive(Clone)]
pub struct Builder {
    environment: bool,
    options: Vec<(String, String)>,
}

impl Builder {
    /// Sets an option by its key, such as `timeout_ms`.
    pub fn option(mut self, key: &str, value: impl Into<String>) -> Self {
        self.options.push((key.into(), value.into()));
        self
    }

    /// Creates the client. It opens no connection before the first call.
    pub fn build(&self) -> Result<Client, Error> {
        let config = self.config()?;
        let mut client = ptr::null_mut();
        // SAFETY: the config is live.
        check(
            unsafe { ffi::deepidv_client_new(config.0, &mut client) },
            "",
        )?;
        Ok(Client(client))
    }

    /// Checks each option, but not the options against each other.
    pub fn check(&self) -> Result<(), Error> {
        self.config().map(drop)
    }

    fn config(&self) -> Result<ConfigHandle, Error> {
        let version = abi_version();
        if version.0 != ABI.0 || version.1 < ABI.1 {
            return Err(Details::refused(Status::SYSTEM, "libdeepidv").into_error());
        }
        let mut config = ConfigHandle(ptr::null_mut());
        // SAFETY: all texts are valid during the calls, which copy them.
        unsafe {
            check(ffi::deepidv_config_new(&mut config.0), "")?;
            if self.environment {
                let mut key = ptr::null();
                let status = ffi::deepidv_config_from_env(config.0, &mut key);
                check(status, if key.is_null() { "" } else { constant(key) })?;
            }
            // allow_http_hosts must be set before base_url.
            for first in [true, false] {
                for (key, value) in &self.options {
                    if (key == "allow_http_hosts") == first {
                        let (name, text) = (pointer(key), pointer(value));
                        let status =
                            ffi::deepidv_config_set(config.0, name, key.len(), text, value.len());
                        check(status, key)?;
                    }
                }
            }
        }
        Ok(config)
    }
}

/// Sends requests to the service. One client serves a whole process, from any number of threads.
///
/// The methods block. Those that start with `start_` return an [`Operation`] instead.
pub struct Client(pub(crate) *mut ffi::deepidv_client);

// SAFETY: any number of threads may call every function of a client at once, except the one that
// frees it, which only drop calls.
unsafe impl Send for Client {}
unsafe impl Sync for Client {}

impl Drop for Client {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_client_free(self.0) }
    }
}

impl AsRawFd for Client {
    /// Returns a descriptor that is readable if and only if [`Client::next`] returns a completion.
    /// Do not read, write or close it.
    fn as_raw_fd(&self) -> RawFd {
        unsafe { ffi::deepidv_client_fd(self.0) }
    }
}

impl Client {
    /// Starts with an API key.
    pub fn builder(api_key: impl Into<String>) -> Builder {
        let options = Vec::new();
        Builder {
            environment: false,
            options,
        }
        .option("api_key", api_key)
    }

    /// Starts with the options in the environment, such as DEEPIDV_API_KEY and DEEPIDV_BASE_URL.
    pub fn builder_from_env() -> Builder {
        Builder {
            environment: true,
            options: Vec::new(),
        }
    }

    /// Creates a session, which costs tokens and invites the applicant.
    pub fn create(&self, applicant: &Applicant) -> Result<Session, Error> {
        let request = applicant.request(false)?;
        let call = |out| unsafe { ffi::deepidv_session_create(self.0, request.0, out) };
        ResultHandle::from_call(call)?.session()
    }

    /// Searches for the session with the external id of the applicant, and creates it if there is
    /// none. It is for callers that may run twice, such as the jobs of a queue.
    pub fn find_or_create(&self, applicant: &Applicant) -> Result<Session, Error> {
        let request = applicant.request(true)?;
        let call = |out| unsafe { ffi::deepidv_session_create(self.0, request.0, out) };
        ResultHandle::from_call(call)?.session()
    }

    /// Retrieves the record of a session. Only the record confirms an outcome.
    pub fn retrieve(&self, session_id: &str) -> Result<Session, Error> {
        let (id, length) = (pointer(session_id), session_id.len());
        let call = |out| unsafe { ffi::deepidv_session_retrieve(self.0, id, length, out) };
        ResultHandle::from_call(call)?.session()
    }

    /// Retrieves a page of sessions: those with this external id, or all. `limit` 0 is the default
    /// of the service; `next_token` is from the previous page.
    pub fn list(
        &self,
        external_id: Option<&str>,
        limit: u32,
        next_token: Option<&str>,
    ) -> Result<Page, Error> {
        let (id, id_length) = optional(external_id);
        let (next, next_length) = optional(next_token);
        let call = |out| unsafe {
            ffi::deepidv_session_list(self.0, id, id_length, limit, next, next_length, out)
        };
        ResultHandle::from_call(call)?.page()
    }

    /// Verifies or rejects a session.
    pub fn update_status(&self, session_id: &str, decision: Decision) -> Result<Session, Error> {
        let (id, length) = (pointer(session_id), session_id.len());
        let call = |out| unsafe {
            ffi::deepidv_session_update_status(self.0, id, length, decision as i32, out)
        };
        ResultHandle::from_call(call)?.session()
    }

    /// Compares a redirect with the session that you expect, and retrieves that session. Accept the
    /// applicant only if the verdict is [`Verdict::Verified`](crate::Verdict::Verified). A forged
    /// redirect is a verdict, not an error.
    pub fn confirm(&self, redirect: impl AsRef<[u8]>, session_id: &str) -> Result<Session, Error> {
        let redirect = redirect.as_ref();
        let (url, url_length) = (redirect.as_ptr().cast(), redirect.len());
        let (id, length) = (pointer(session_id), session_id.len());
        let call = |out| unsafe {
            ffi::deepidv_redirect_confirm(self.0, url, url_length, id, length, out)
        };
        ResultHandle::from_call(call)?.session()
    }

    /// Searches for the session of a create whose outcome is unknown, with the token of an
    /// [`OutcomeUnknown`](crate::OutcomeUnknown).
    pub fn reconcile(&self, token: &str) -> Result<Session, Error> {
        let (text, length) = (pointer(token), token.len());
        let call = |out| unsafe { ffi::deepidv_session_reconcile(self.0, text, length, out) };
        ResultHandle::from_call(call)?.session()
    }

    /// Waits until a session is decided, or cannot be any more. If it has not ended before the
    /// timeout, the status is [`Status::TIMEOUT`].
    pub fn wait(&self, session_id: &str, timeout: Duration) -> Result<Session, Error> {
        let (id, length) = (pointer(session_id), session_id.len());
        let limit = milliseconds(timeout);
        let call = |out| unsafe { ffi::deepidv_session_wait(self.0, id, length, limit, out) };
        ResultHandle::from_call(call)?.session()
    }

    /// Starts [`Client::create`]. Its result says whether a session may exist, also if you cancel.
    pub fn start_create(&self, applicant: &Applicant) -> Result<Operation<'_, Session>, Error> {
        let request = applicant.complete_request()?;
        Operation::start(self, |op| unsafe {
            ffi::deepidv_session_create_submit(self.0, request.0, 0, op)
        })
    }

    /// Starts [`Client::retrieve`].
    pub fn start_retrieve(&self, session_id: &str) -> Result<Operation<'_, Session>, Error> {
        let (id, length) = (pointer(session_id), session_id.len());
        Operation::start(self, |op| unsafe {
            ffi::deepidv_session_retrieve_submit(self.0, id, length, 0, op)
        })
    }

    /// Starts [`Client::wait`].
    pub fn start_wait(
        &self,
        session_id: &str,
        timeout: Duration,
    ) -> Result<Operation<'_, Session>, Error> {
        let (id, length) = (pointer(session_id), session_id.len());
        let limit = milliseconds(timeout);
        Operation::start(self, |op| unsafe {
            ffi::deepidv_session_wait_submit(self.0, id, length, limit, 0, op)
        })
    }

    /// Takes the completion of an operation that was detached, or None if there is none now.
    pub fn next(&self) -> Option<Completion> {
        Completion::next(self)
    }

    /// Cancels all operations in flight, and accepts no more.
    pub fn close(&self) {
        unsafe { ffi::deepidv_client_close(self.0) };
    }
}

impl Applicant {
    /// Starts with a JSON object, with names in snake_case or camelCase. Fields that are set
    /// afterwards replace those of the object.
    pub fn from_json(json: impl Into<String>) -> Self {
        let mut applicant = Self::default();
        applicant.json = Some(json.into());
        applicant
    }

    /// Checks the fields without sending anything.
    pub fn check(&self) -> Result<(), Error> {
        self.complete_request().map(drop)
    }

    /// Returns a request that may lack fields.
    fn request(&self, search: bool) -> Result<RequestHandle, Error> {
        let mut request = RequestHandle(ptr::null_mut());
        let mut field = ptr::null();
        let named = |field: *const c_char| if field.is_null() { "" } else { constant(field) };
        // SAFETY: the request is live and not shared; field is a constant text or null.
        unsafe {
            check(ffi::deepidv_session_request_new(&mut request.0), "")?;
            if let Some(json) = &self.json {
                let (text, length) = (pointer(json), json.len());
                let nowhere = ptr::null_mut();
                let status = ffi::deepidv_session_request_set_json(
                    request.0, text, length, &mut field, nowhere,
                );
                check(status, named(field))?;
            }
            self.set_fields(&request)?;
            ffi::deepidv_session_request_set_search_first(request.0, i32::from(search));
        }
        Ok(request)
    }

    /// Returns a request with all required fields.
    fn complete_request(&self) -> Result<RequestHandle, Error> {
        let request = self.request(false)?;
        let mut field = ptr::null();
        // SAFETY: the request is live; field is a constant text or null.
        let status = unsafe { ffi::deepidv_session_request_validate(request.0, &mut field) };
        let name = if field.is_null() { "" } else { constant(field) };
        check(status, name).map(|()| request)
    }
}

struct ConfigHandle(*mut ffi::deepidv_config);

impl Drop for ConfigHandle {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_config_free(self.0) }
    }
}

pub(crate) struct RequestHandle(pub(crate) *mut ffi::deepidv_session_request);

impl Drop for RequestHandle {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_session_request_free(self.0) }
    }
}

pub(crate) fn check(status: i32, field: &str) -> Result<(), Error> {
    match status {
        0 => Ok(()),
        _ => Err(Details::refused(Status(status), field).into_error()),
    }
}

/// Passed with the length, so that the library sees a NUL inside.
pub(crate) fn pointer(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

fn optional(text: Option<&str>) -> (*const c_char, usize) {
    text.map_or((ptr::null(), 0), |text| (pointer(text), text.len()))
}

/// Rounds up, so that a short duration does not become 0. Too many are refused by the library.
pub(crate) fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_nanos().saturating_add(999_999) / 1_000_000).unwrap_or(u32::MAX)
}

/// Reads a constant text of the library.
pub(crate) fn constant(text: *const c_char) -> &'static str {
    // SAFETY: the library returns ASCII that ends with a NUL and stays valid.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}
