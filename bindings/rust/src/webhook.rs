use crate::client::{check, pointer};
use crate::ffi;
use crate::generated::{Error, Verdict, WebhookType};
use std::os::raw::c_char;
use std::ptr;

/// An event whose signature was verified.
pub struct Webhook(*mut ffi::deepidv_webhook);

// SAFETY: a webhook is immutable, and any thread may read it.
unsafe impl Send for Webhook {}
unsafe impl Sync for Webhook {}

impl Drop for Webhook {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_webhook_free(self.0) }
    }
}

struct Secrets(*mut ffi::deepidv_webhook_secrets);

impl Drop for Secrets {
    fn drop(&mut self) {
        unsafe { ffi::deepidv_webhook_secrets_free(self.0) }
    }
}

type Getter = unsafe extern "C" fn(*const ffi::deepidv_webhook, *mut usize) -> *const c_char;

impl Webhook {
    /// Verifies the header deepidv-signature with the secrets, then reads the body. Answer
    /// [`Status::WEBHOOK_SIGNATURE`](crate::Status::WEBHOOK_SIGNATURE) with 401,
    /// [`Status::WEBHOOK`](crate::Status::WEBHOOK) with 400 and
    /// [`Status::TOO_LONG`](crate::Status::TOO_LONG) with 413.
    pub fn open(body: &[u8], signature: &str, secrets: &[&str]) -> Result<Self, Error> {
        let mut keys = Secrets(ptr::null_mut());
        let mut webhook = Self(ptr::null_mut());
        // SAFETY: all pointers are valid during the calls, which copy what they keep.
        unsafe {
            check(ffi::deepidv_webhook_secrets_new(&mut keys.0), "")?;
            for secret in secrets {
                let status =
                    ffi::deepidv_webhook_secrets_add(keys.0, pointer(secret), secret.len());
                check(status, "secret")?;
            }
            let (sent, length) = (pointer(signature), signature.len());
            let (payload, size) = (body.as_ptr().cast(), body.len());
            let status =
                ffi::deepidv_webhook_open(keys.0, sent, length, payload, size, &mut webhook.0);
            check(status, "")?;
        }
        Ok(webhook)
    }

    /// Returns the type.
    pub fn kind(&self) -> WebhookType {
        WebhookType::from_number(unsafe { ffi::deepidv_webhook_type(self.0) })
    }

    /// Returns what the status of the session means. Retrieve the session before you act on it.
    pub fn verdict(&self) -> Verdict {
        Verdict::from_number(unsafe { ffi::deepidv_webhook_verdict(self.0) })
    }

    /// Returns the key of the event: see [`Webhook::supersedes`].
    pub fn key(&self) -> &str {
        self.text(ffi::deepidv_webhook_key)
    }

    /// Returns the id of the session.
    pub fn session_id(&self) -> String {
        let mut read = std::mem::MaybeUninit::<ffi::deepidv_session>::zeroed();
        // SAFETY: the webhook is live; its texts end with a NUL.
        unsafe {
            ffi::deepidv_webhook_session(self.0, read.as_mut_ptr());
            let id = read.assume_init().id;
            if id.is_null() {
                return String::new();
            }
            std::ffi::CStr::from_ptr(id).to_string_lossy().into_owned()
        }
    }

    /// Returns the event as JSON: see deepidv_webhook_describe.
    pub fn describe(&self) -> &str {
        self.text(ffi::deepidv_webhook_describe)
    }

    /// Returns the body.
    pub fn json(&self) -> &str {
        self.text(ffi::deepidv_webhook_json)
    }

    /// Returns whether the event replaces the one with this key, which may be empty.
    pub fn supersedes(&self, key: &str) -> bool {
        let own = self.key();
        // SAFETY: both texts are valid during the call.
        let supersedes = unsafe {
            ffi::deepidv_webhook_supersedes(pointer(own), own.len(), pointer(key), key.len())
        };
        supersedes == 1
    }

    fn text(&self, getter: Getter) -> &str {
        let mut length = 0;
        // SAFETY: the text lives as long as the webhook, which is immutable.
        let bytes = unsafe {
            let text = getter(self.0, &mut length);
            if text.is_null() {
                return "";
            }
            std::slice::from_raw_parts(text.cast::<u8>(), length)
        };
        std::str::from_utf8(bytes).unwrap_or("")
    }
}
