//! Create identity verification sessions with deepidv, and handle the redirects and webhooks that
//! follow. The crate calls libdeepidv.
//!
//! ```no_run
//! let client = deepidv::Client::builder("dk_emulator").base_url("http://127.0.0.1:8080").build()?;
//! let session = client.create(
//!     &deepidv::Applicant::default()
//!         .first_name("Ada")
//!         .last_name("Lovelace")
//!         .email("ada@example.com")
//!         .phone("+15192223333"),
//! )?;
//! println!("{} {:?}", session.id, session.url);
//! # Ok::<(), deepidv::Error>(())
//! ```

#![deny(missing_docs)]

mod client;
mod error;
#[allow(missing_docs, non_camel_case_types)]
#[rustfmt::skip]
mod ffi;
#[rustfmt::skip]
mod generated;
mod operation;
mod redirect;
mod session;
mod webhook;

pub use client::{Builder, Client};
pub use error::{Details, OutcomeUnknown};
pub use generated::{
    Applicant, Decision, Error, Facts, Reason, RedirectStatus, ResultFacts, Status, Verdict,
    WebhookType,
};
pub use operation::{Completion, Operation};
pub use redirect::Redirect;
pub use session::{Link, Page, Session};
pub use webhook::Webhook;

/// Returns the version of the loaded library.
pub fn version() -> &'static str {
    client::constant(unsafe { ffi::deepidv_version() })
}

/// Returns the version of the interface of the loaded library, major and minor.
pub fn abi_version() -> (u32, u32) {
    let version = unsafe { ffi::deepidv_abi_version() };
    (version >> 16, version & 0xffff)
}

/// Says what is wrong with the libcurl that is loaded. Log it once, unless it is empty.
pub fn libcurl_problem() -> String {
    let mut buffer = [0u8; 256];
    let mut length = 0;
    // SAFETY: the buffer has this size.
    let status = unsafe {
        ffi::deepidv_libcurl_problem(buffer.as_mut_ptr().cast(), buffer.len(), &mut length)
    };
    match status {
        0 => String::from_utf8_lossy(&buffer[..length]).into_owned(),
        _ => Status(status).text().to_string(),
    }
}
