use crate::client::constant;
use crate::ffi;
use crate::generated::{Error, Status};
use crate::session::Session;
use std::fmt;
use std::time::Duration;

impl Status {
    /// Returns the name in C, such as DEEPIDV_E_PHONE.
    pub fn name(self) -> &'static str {
        constant(unsafe { ffi::deepidv_status_name(self.0) })
    }

    /// Returns what the status means.
    pub fn text(self) -> &'static str {
        constant(unsafe { ffi::deepidv_status_text(self.0) })
    }

    /// Returns the number.
    pub fn code(self) -> i32 {
        self.0
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known about a failed call.
pub struct Details {
    /// The status.
    pub status: Status,
    /// The reason, such as [`Status::CONNECT`]; otherwise equal to the status.
    pub cause: Status,
    /// The option, field or parameter that was refused.
    pub field: Option<String>,
    /// The HTTP status, or 0 if there was no response.
    pub http_status: i32,
    /// How long to wait before the next request.
    pub retry_after: Duration,
    /// The error code of the service.
    pub api_code: Option<String>,
    /// The id that the service gave the request, for its support.
    pub request_id: Option<String>,
    /// The external id of the create: yours, or the one that the library made.
    pub external_id: Option<String>,
    /// The record that a wait saw last. May contain personal data.
    pub session: Option<Session>,
    /// The message of the service. May contain personal data.
    pub message: Option<String>,
    /// Details that the service adds. May contain personal data.
    pub hints: Vec<String>,
    /// The whole result as JSON, or empty if nothing was sent. May contain personal data.
    pub describe: String,
    /// Whether there was a result, so that a timeout is that of a lookup.
    pub(crate) has_result: bool,
}

impl Details {
    pub(crate) fn refused(status: Status, field: &str) -> Self {
        let field = Some(field.to_string()).filter(|field| !field.is_empty());
        Self {
            status,
            cause: status,
            field,
            http_status: 0,
            retry_after: Duration::ZERO,
            api_code: None,
            request_id: None,
            external_id: None,
            session: None,
            message: None,
            hints: Vec::new(),
            describe: String::new(),
            has_result: false,
        }
    }

    pub(crate) fn into_error(self) -> Error {
        Error::certain(self)
    }
}

/// `unwrap` prints this, so it has no personal data.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details")
            .field("status", &self.status)
            .field("cause", &self.cause)
            .field("field", &self.field)
            .field("http_status", &self.http_status)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

/// What is known about a create or a decision whose outcome is unknown.
#[derive(Debug)]
pub struct OutcomeUnknown {
    /// The token for [`Client::reconcile`](crate::Client::reconcile), in any process.
    pub reconcile_token: Option<String>,
    /// The sessions that were found, with [`Status::DUPLICATE`].
    pub session_ids: Vec<String>,
    /// The status, the cause and the rest.
    pub details: Details,
}

impl Error {
    /// Returns the status.
    pub fn status(&self) -> Status {
        self.details().status
    }

    /// Returns whether the same call is safe to repeat. Never after an unknown outcome.
    pub fn is_retryable(&self) -> bool {
        let details = self.details();
        details.status.retryable() || (details.status == Status::TIMEOUT && details.has_result)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Untrusted(_) = self {
            // One text, so that a forger learns nothing.
            return f.write_str("the signature or the body of the webhook was not accepted");
        }
        let details = self.details();
        f.write_str(details.status.name())?;
        if let Some(field) = &details.field {
            write!(f, " ({field})")?;
        }
        write!(f, ": {}", details.status.text())?;
        if details.cause != details.status {
            write!(f, " Cause: {}.", details.cause.name())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
