//! The conformance driver of the Rust crate. The commands are in conformance/README.md.

use deepidv::{Applicant, Client, Decision, Error, Page, Redirect, Session, Status, Webhook};
use std::collections::HashSet;
use std::io::{BufRead, Write};
use std::os::unix::io::AsRawFd;
use std::time::Duration;

extern "C" {
    fn fork() -> i32;
    fn _exit(status: i32) -> !;
    fn waitpid(child: i32, status: *mut i32, options: i32) -> i32;
    fn poll(fd: *mut PollFd, count: std::os::raw::c_ulong, timeout: i32) -> i32;
}

#[repr(C)]
struct PollFd(i32, i16, i16);

fn status(result: Result<(), Error>) -> String {
    match result {
        Ok(()) => "DEEPIDV_OK".into(),
        Err(error) => match &error.details().field {
            Some(field) => format!("{}\t{field}", error.status().name()),
            None => error.status().name().into(),
        },
    }
}

fn show(result: Result<String, Error>) -> String {
    match result {
        Ok(text) => text,
        Err(error) if !error.details().describe.is_empty() => error.details().describe.clone(),
        Err(error) => status(Err(error)),
    }
}

fn json(session: Session) -> String {
    session.describe
}

fn from_env() -> Client {
    Client::builder_from_env().build().unwrap()
}

fn many(client: &Client, field: &[&str]) -> String {
    let count: u64 = field[1].parse().unwrap();
    let mut tags = std::collections::HashMap::new();
    for tag in 1..=count {
        let applicant = Applicant::from_json(field[2]).external_id(format!("{}-{tag}", field[0]));
        tags.insert(client.start_create(&applicant).unwrap().detach(), tag);
    }
    if field[0] == "collect" {
        (0..1000).for_each(|_| drop(Applicant::from_json(field[2]).check()));
    }
    let (mut completions, mut sum, mut sessions) = (0, 0, HashSet::new());
    while completions < count {
        unsafe { poll(&mut PollFd(client.as_raw_fd(), 1, 0), 1, -1) };
        while let Some(completion) = client.next() {
            completions += 1;
            sum += tags[&completion.operation()];
            sessions.extend(completion.session().map(|session| session.id));
        }
    }
    format!(
        "{completions} completions, tags {sum}, {} sessions",
        sessions.len()
    )
}

fn cancel(client: &Client, id: &str) -> Result<String, Error> {
    let mut operation = client.start_retrieve(id)?;
    let early = operation.wait_timeout(Duration::from_millis(50));
    let first = if early.is_none() {
        Status::TIMEOUT
    } else {
        Status::OK
    };
    operation.cancel();
    Ok(format!(
        "{}\t{}",
        first.name(),
        status(operation.wait().map(drop))
    ))
}

fn forked(client: &Client, applicant: &Applicant) -> String {
    let mut ended = 0;
    unsafe {
        let child = fork();
        if child == 0 {
            _exit(
                client
                    .create(applicant)
                    .map_or_else(|error| error.status().code(), |_| 0),
            );
        }
        waitpid(child, &mut ended, 0);
    }
    let known = [Status::OK, Status::FORKED];
    let code = ended >> 8;
    known
        .iter()
        .find(|one| one.code() == code)
        .map_or("?", |one| one.name())
        .into()
}

fn run(client: &Client, field: &[&str]) -> String {
    let create = |client: &Client| client.create(&Applicant::from_json(field[1]));
    let name_only = |result| status(result).split('\t').next().unwrap().to_string();
    match field[0] {
        "version" => format!("{}.{}", deepidv::abi_version().0, deepidv::abi_version().1),
        "redirect" => show(Redirect::parse(field[1]).and_then(|redirect| redirect.describe())),
        "matches" => match Redirect::parse(field[1]).map(|redirect| redirect.matches(field[2])) {
            Ok(false) => Status::MISMATCH.name().into(),
            result => status(result.map(drop)),
        },
        "webhook" => show(
            Webhook::open(field[3].as_bytes(), field[2], &[field[1]]).map(|w| w.describe().into()),
        ),
        "option" => name_only(Client::builder("key").option(field[1], field[2]).check()),
        "check" => status(Applicant::from_json(field[1]).check()),
        "create" => show(create(client).map(json)),
        "find" => show(
            client
                .find_or_create(&Applicant::from_json(field[1]))
                .map(json),
        ),
        "retrieve" => show(client.retrieve(field[1]).map(json)),
        "list" => {
            let page = client.list(Some(field[1]), field[2].parse().unwrap(), None);
            show(page.map(|page: Page| page.describe))
        }
        "update" if field[2] == "VERIFIED" => {
            show(client.update_status(field[1], Decision::Verified).map(json))
        }
        "update" => show(client.update_status(field[1], Decision::Rejected).map(json)),
        "confirm" => show(client.confirm(field[1], field[2]).map(json)),
        "reconcile" => show(client.reconcile(field[1]).map(json)),
        "many" | "collect" => many(client, field),
        "cancel" => show(cancel(client, field[1])),
        "nul" => name_only(Applicant::from_json(field[1]).first_name("a\0b").check()),
        "order" => {
            let other = from_env();
            let session = create(&other);
            drop(other);
            show(session.map(json))
        }
        "fork" => forked(client, &Applicant::from_json(field[1])),
        _ => "unsupported".into(),
    }
}

fn main() {
    let client = from_env();
    for line in std::io::stdin().lock().lines() {
        println!(
            "{}",
            run(&client, &line.unwrap().split('\t').collect::<Vec<_>>())
        );
        std::io::stdout().flush().unwrap();
    }
}
