//! Tests against the library and an emulator: DEEPIDV_EMULATOR is its path.

use deepidv::{Applicant, Builder, Client, Decision, Error, OutcomeUnknown, Status, Verdict};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::io::AsRawFd;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

struct Emulator {
    process: Child,
    address: String,
}

impl Emulator {
    fn start() -> Self {
        let program = std::env::var("DEEPIDV_EMULATOR").expect("DEEPIDV_EMULATOR");
        let mut process = Command::new(program)
            .args(["--port", "0", "--rate", "0", "--exit-with-parent"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_string();
        Self { process, address }
    }

    fn builder(&self) -> Builder {
        Client::builder("dk_emulator")
            .base_url(format!("http://{}", self.address))
            .rate_limit(0)
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn send(&self, method: &str, body: &str) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} /emulator/faults HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 2"), "{response}");
    }

    fn fault(&self, body: &str) {
        self.send("POST", body);
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

fn ada() -> Applicant {
    static PEOPLE: AtomicU32 = AtomicU32::new(0);
    let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
    Applicant::default()
        .first_name("Ада")
        .last_name(format!("Lovelace {number}"))
        .email("ada@example.com")
        .phone("+15192223333")
}

fn unique(name: &str) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    format!("{name}-{}", now.unwrap().as_nanos())
}

fn unknown(error: Error) -> Box<OutcomeUnknown> {
    assert!(!error.is_retryable());
    match error {
        Error::OutcomeUnknown(unknown) => unknown,
        other => panic!("{other}"),
    }
}

#[test]
fn a_session_from_create_to_decision() {
    let emulator = Emulator::start();
    let client = emulator.client();
    let external_id = unique("життя");
    let applicant = ada().external_id(&external_id);
    let created = client.create(&applicant).unwrap();
    assert!(created.url.unwrap().contains(&created.id));
    let found = client.find_or_create(&applicant).unwrap();
    assert!(found.found && found.id == created.id && found.url.is_none());
    let record = client.retrieve(&created.id).unwrap();
    assert_eq!(record.external_id.as_deref(), Some(external_id.as_str()));
    assert_eq!(record.verdict, Verdict::Pending);
    assert!(String::from_utf8(record.raw)
        .unwrap()
        .contains(&external_id));
    let page = client.list(Some(&external_id), 10, None).unwrap();
    assert_eq!(
        (page.ids, page.next_token),
        (vec![created.id.clone()], None)
    );
    let rejected = client.update_status(&created.id, Decision::Rejected);
    assert_eq!(rejected.unwrap().verdict, Verdict::Rejected);
    let waited = client.wait(&created.id, Duration::from_secs(60)).unwrap();
    assert_eq!(waited.status.as_deref(), Some("REJECTED"));
    let redirect = format!("/cb?session_id={}&status=success", created.id);
    let confirmed = client.confirm(&redirect, &created.id).unwrap();
    assert_eq!(confirmed.verdict, Verdict::Rejected);
    let forged = client.confirm("/cb?session_id=x&status=success", &created.id);
    assert_eq!(forged.unwrap().verdict, Verdict::Forged);
}

#[test]
fn a_wait_ends_with_the_last_record() {
    let emulator = Emulator::start();
    let client = emulator.client();
    let created = client.create(&ada()).unwrap();
    let error = client
        .wait(&created.id, Duration::from_secs(1))
        .unwrap_err();
    assert!(matches!(&error, Error::Answer(d) if d.session.as_ref().unwrap().id == created.id));
    assert!(error.is_retryable() && error.status() == Status::TIMEOUT);
}

#[test]
fn fields_and_options_are_refused() {
    let emulator = Emulator::start();
    let client = emulator.client();
    for (applicant, status, field) in [
        (ada().phone("1"), Status::PHONE, Some("phone")),
        (ada().first_name("a\0b"), Status::NUL, Some("first_name")),
        (
            Applicant::default().first_name("A"),
            Status::REQUIRED,
            Some("last_name"),
        ),
        (
            Applicant::from_json(r#"{"expires": 1}"#),
            Status::FIELD,
            None,
        ),
    ] {
        let error = client.create(&applicant).unwrap_err();
        assert!(matches!(&error, Error::Argument(_)), "{error:?}");
        assert_eq!(error.status(), status);
        assert!(
            field.is_none() || error.details().field.as_deref() == field,
            "{error}"
        );
    }
    let error = client.find_or_create(&ada()).unwrap_err();
    assert_eq!(error.details().field.as_deref(), Some("external_id"));
    let builder = Client::builder("k").base_url("http://elsewhere.example");
    assert_eq!(
        builder.build().err().unwrap().to_string().split(':').next(),
        Some("DEEPIDV_E_SCHEME (base_url)")
    );
    builder
        .allow_http_hosts("elsewhere.example")
        .build()
        .unwrap();
}

#[test]
fn errors_of_the_service() {
    let emulator = Emulator::start();
    let client = emulator.client();
    let error = client.retrieve("sess_none").unwrap_err();
    assert!(
        matches!(&error, Error::Service(d) if d.status == Status::NOT_FOUND && d.http_status == 404)
    );
    emulator.fault(r#"{"kind": "status", "status": 400, "method": "POST", "body": "{\"message\": \"Ada is refused\"}"}"#);
    let error = client.create(&ada()).unwrap_err();
    assert_eq!(error.details().message.as_deref(), Some("Ada is refused"));
    assert!(
        !format!("{error} {error:?}").contains("Ada"),
        "personal data in a log"
    );
    emulator.fault(r#"{"kind": "status", "status": 429, "method": "POST", "count": 99}"#);
    let hasty = emulator
        .builder()
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    assert!(hasty.create(&ada()).unwrap_err().is_retryable());
}

#[test]
fn an_unknown_outcome_is_reconciled() {
    let emulator = Emulator::start();
    let client = emulator
        .builder()
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    emulator.fault(r#"{"kind": "close", "method": "POST"}"#);
    emulator.fault(r#"{"kind": "status", "status": 500, "method": "GET", "count": 999}"#);
    let external_id = unique("unknown");
    let error = client.create(&ada().external_id(&external_id)).unwrap_err();
    let token = unknown(error).reconcile_token.unwrap();
    emulator.send("DELETE", "");
    let session = client.reconcile(&token).unwrap();
    assert!(session.reconciled && session.external_id == Some(external_id));
}

#[test]
fn a_cancelled_create_tells_its_outcome() {
    let emulator = Emulator::start();
    let client = emulator.client();
    emulator.fault(r#"{"kind": "wait", "milliseconds": 30000, "count": 2}"#);
    let mut create = client.start_create(&ada()).unwrap();
    assert!(create.wait_timeout(Duration::from_secs(1)).is_none());
    create.cancel();
    assert!(unknown(create.wait().unwrap_err())
        .reconcile_token
        .is_some());
    let retrieve = client.start_retrieve("sess_1").unwrap();
    retrieve.cancel();
    assert_eq!(retrieve.wait().unwrap_err().status(), Status::CANCELLED);
}

#[test]
fn dropped_operations_leave_nothing() {
    let emulator = Emulator::start();
    let client = emulator.builder().max_in_flight(1).build().unwrap();
    for _ in 0..5 {
        drop(client.start_retrieve("sess_none").unwrap());
    }
    client
        .start_wait("sess_none", Duration::from_secs(1))
        .unwrap()
        .wait()
        .unwrap_err();
}

#[test]
fn fifty_threads_share_a_client() {
    let emulator = Emulator::start();
    let client = emulator.client();
    let applicants: Vec<_> = (0..50).map(|_| ada()).collect();
    let ids: HashSet<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = applicants
            .iter()
            .map(|applicant| scope.spawn(|| client.create(applicant).unwrap().id))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(ids.len(), 50);
}

#[repr(C)]
struct PollFd {
    fd: i32,
    events: i16,
    revents: i16,
}

extern "C" {
    fn poll(fds: *mut PollFd, count: std::os::raw::c_ulong, timeout: i32) -> i32;
}

#[test]
fn fifty_operations_at_once_through_one_descriptor() {
    let emulator = Emulator::start();
    let client = emulator.client();
    let mut expected: HashSet<u64> = (0..50)
        .map(|_| client.start_create(&ada()).unwrap().detach())
        .collect();
    let mut ids = HashSet::new();
    while !expected.is_empty() {
        let mut fd = PollFd {
            fd: client.as_raw_fd(),
            events: 1,
            revents: 0,
        };
        assert_eq!(unsafe { poll(&mut fd, 1, 20_000) }, 1);
        while let Some(completion) = client.next() {
            assert!(expected.remove(&completion.operation()));
            ids.insert(completion.session().unwrap().id);
        }
    }
    assert_eq!(ids.len(), 50);
}

#[test]
fn objects_may_cross_threads() {
    fn send_and_sync<T: Send + Sync>() {}
    fn send<T: Send>() {}
    send_and_sync::<Client>();
    send_and_sync::<deepidv::Webhook>();
    send_and_sync::<Error>();
    send_and_sync::<deepidv::Session>();
    send::<deepidv::Operation<'_, deepidv::Session>>();
    send::<deepidv::Completion>();
}

#[test]
fn close_ends_calls_in_flight() {
    let emulator = Emulator::start();
    let client = emulator.client();
    emulator.fault(r#"{"kind": "wait", "milliseconds": 30000}"#);
    let retrieve = client.start_retrieve("sess_1").unwrap();
    client.close();
    assert_eq!(retrieve.wait().unwrap_err().status(), Status::CANCELLED);
    assert_eq!(client.retrieve("x").unwrap_err().status(), Status::CLOSED);
}
