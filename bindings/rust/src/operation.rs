use crate::client::{check, Client};
use crate::ffi;
use crate::generated::{Error, Status};
use crate::session::{Page, ResultHandle, Session};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;
use std::time::Duration;

/// A call in flight. Dropping it cancels it and drops its result, which for a create says whether a
/// session may exist: call [`Operation::wait`] instead.
///
/// It cannot outlive its client:
///
/// ```compile_fail,E0505
/// let client = deepidv::Client::builder("key").build()?;
/// let operation = client.start_retrieve("sess_1")?;
/// drop(client);
/// operation.wait()?;
/// # Ok::<(), deepidv::Error>(())
/// ```
#[must_use = "its result says whether a session may exist"]
pub struct Operation<'client, T> {
    client: &'client Client,
    op: u64,
    in_flight: bool,
    of: PhantomData<fn() -> T>,
}

impl<'client, T> Operation<'client, T> {
    pub(crate) fn start(
        client: &'client Client,
        submit: impl FnOnce(*mut u64) -> i32,
    ) -> Result<Self, Error> {
        let mut op = 0;
        check(submit(&mut op), "")?;
        Ok(Self {
            client,
            op,
            in_flight: true,
            of: PhantomData,
        })
    }

    /// Returns the number of the operation, which [`Completion::operation`] has too.
    pub fn number(&self) -> u64 {
        self.op
    }

    /// Cancels the operation. It still completes, soon.
    pub fn cancel(&self) {
        unsafe { ffi::deepidv_client_cancel(self.client.0, self.op) };
    }

    /// Leaves the completion to [`Client::next`], for event loops. Returns the number.
    pub fn detach(mut self) -> u64 {
        self.in_flight = false;
        self.op
    }

    fn take(&mut self, timeout_ms: i32) -> Result<Option<ResultHandle>, Error> {
        let mut event = MaybeUninit::uninit();
        let mut result = ResultHandle(ptr::null_mut());
        // SAFETY: the client is live, and both outputs are valid.
        let status = unsafe {
            let event = event.as_mut_ptr();
            ffi::deepidv_client_take(self.client.0, self.op, timeout_ms, event, &mut result.0)
        };
        if Status(status) == Status::TIMEOUT {
            return Ok(None);
        }
        check(status, "")?;
        self.in_flight = false;
        Ok(Some(result))
    }
}

impl Operation<'_, Session> {
    /// Waits for the result.
    pub fn wait(mut self) -> Result<Session, Error> {
        loop {
            if let Some(result) = self.take(-1)? {
                return result.session();
            }
        }
    }

    /// Waits for the result for some time. None: it is still in flight.
    pub fn wait_timeout(&mut self, timeout: Duration) -> Option<Result<Session, Error>> {
        let limit = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
        match self.take(limit) {
            Ok(result) => result.map(|result| result.session()),
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T> Drop for Operation<'_, T> {
    fn drop(&mut self) {
        if self.in_flight {
            self.cancel();
            // The completion comes soon. Left in the queue, it would count as in flight.
            drop(self.take(-1));
        }
    }
}

/// A completion of a detached operation.
pub struct Completion {
    operation: u64,
    result: ResultHandle,
}

impl Completion {
    pub(crate) fn next(client: &Client) -> Option<Self> {
        let mut event = MaybeUninit::<ffi::deepidv_event>::zeroed();
        let mut result = ResultHandle(ptr::null_mut());
        // SAFETY: the client is live, and both outputs are valid, also when zero.
        let (status, event) = unsafe {
            let status = ffi::deepidv_client_next(client.0, event.as_mut_ptr(), &mut result.0);
            (status, event.assume_init())
        };
        (status == 0).then(|| Self {
            operation: event.op,
            result,
        })
    }

    /// Returns the number of the operation.
    pub fn operation(&self) -> u64 {
        self.operation
    }

    /// Reads the result.
    pub fn session(&self) -> Result<Session, Error> {
        self.result.session()
    }

    /// Reads the result as a page of a list.
    pub fn page(&self) -> Result<Page, Error> {
        self.result.page()
    }
}
