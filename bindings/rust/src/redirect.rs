use crate::client::{check, pointer};
use crate::ffi;
use crate::generated::{Error, Facts, Reason, RedirectStatus, Status};
use std::mem::MaybeUninit;

/// What the query of a redirect claims, decoded. Nothing in it is signed: see
/// [`Client::confirm`](crate::Client::confirm).
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The session id.
    pub session_id: Option<String>,
    /// The status.
    pub status: RedirectStatus,
    /// The status as received.
    pub status_text: Option<String>,
    /// The reason.
    pub reason: Reason,
    /// The reason as received.
    pub reason_text: Option<String>,
    /// Anomalies. They are not errors, but a forged URL often has one.
    pub facts: Facts,
    url: Vec<u8>,
}

impl Redirect {
    /// Reads a redirect: an absolute URL, a path with a query, or a query. If a parameter is
    /// repeated with another value, the status is [`Status::REPEATED`].
    pub fn parse(url: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let url = url.into();
        let read = read(&url)?;
        let text = |span: ffi::deepidv_span, bit| {
            (read.present & bit != 0)
                .then(|| decode(&url, span))
                .transpose()
        };
        Ok(Self {
            // The bits are those of deepidv_redirect.present: DEEPIDV_HAS_...
            session_id: text(read.session_id, 1)?,
            status: RedirectStatus::from_number(read.status),
            status_text: text(read.status_text, 2)?,
            reason: Reason::from_number(read.reason),
            reason_text: text(read.reason_text, 4)?,
            facts: Facts(read.facts),
            url,
        })
    }

    /// Compares the session id with the one that you stored, in constant time.
    pub fn matches(&self, session_id: &str) -> bool {
        let read = match read(&self.url) {
            Ok(read) => read,
            Err(_) => return false,
        };
        let (url, length) = (self.url.as_ptr().cast(), self.url.len());
        // SAFETY: the struct was read from the same bytes.
        let status = unsafe {
            let id = pointer(session_id);
            ffi::deepidv_redirect_matches(url, length, &read, id, session_id.len())
        };
        status == 0
    }

    /// Returns one of your own parameters, decoded, or None. If it is repeated with another value,
    /// the status is [`Status::REPEATED`].
    pub fn param(&self, name: &str) -> Result<Option<String>, Error> {
        let (url, length) = (self.url.as_ptr().cast(), self.url.len());
        let mut span = ffi::deepidv_span {
            offset: 0,
            length: 0,
        };
        // SAFETY: all pointers are valid during the call.
        let status = unsafe {
            ffi::deepidv_redirect_param(url, length, pointer(name), name.len(), &mut span)
        };
        if Status(status) == Status::ABSENT {
            return Ok(None);
        }
        check(status, name)?;
        decode(&self.url, span).map(Some)
    }

    /// Returns the redirect as JSON: see deepidv_redirect_describe.
    pub fn describe(&self) -> Result<String, Error> {
        let mut buffer = vec![0u8; 8192];
        loop {
            let mut length = 0;
            let (url, size) = (self.url.as_ptr().cast(), self.url.len());
            // SAFETY: the buffer has this size.
            let status = unsafe {
                let text = buffer.as_mut_ptr().cast();
                ffi::deepidv_redirect_describe(url, size, text, buffer.len(), &mut length)
            };
            if Status(status) == Status::BUFFER && length >= buffer.len() {
                buffer.resize(length + 1, 0);
                continue;
            }
            check(status, "")?;
            buffer.truncate(length);
            return Ok(String::from_utf8_lossy(&buffer).into_owned());
        }
    }
}

fn read(url: &[u8]) -> Result<ffi::deepidv_redirect, Error> {
    let mut read = MaybeUninit::<ffi::deepidv_redirect>::zeroed();
    // SAFETY: zeros are valid too, and the call only writes.
    let (status, read) = unsafe {
        let (text, out) = (url.as_ptr().cast(), read.as_mut_ptr());
        let status = ffi::deepidv_redirect_parse(text, url.len(), out);
        (status, read.assume_init())
    };
    check(status, "").map(|()| read)
}

fn decode(url: &[u8], span: ffi::deepidv_span) -> Result<String, Error> {
    let mut buffer = vec![0u8; span.length as usize + 1];
    let mut length = 0;
    // SAFETY: the buffer has this size.
    let status = unsafe {
        let (text, out) = (url.as_ptr().cast(), buffer.as_mut_ptr().cast());
        ffi::deepidv_span_decode(text, url.len(), &span, out, buffer.len(), &mut length)
    };
    // These are written nevertheless, and Facts::NOT_UTF8 tells.
    if Status(status) != Status::UTF8 && Status(status) != Status::NUL {
        check(status, "")?;
    }
    buffer.truncate(length);
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}
