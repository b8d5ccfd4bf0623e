//! Tests that need no emulator.

use deepidv::{
    Error, Facts, Reason, Redirect, RedirectStatus, Status, Verdict, Webhook, WebhookType,
};

#[test]
fn a_redirect_is_decoded() {
    let url = "https://a.example/cb?session_id=s%C3%A9ss&status=failed&reason=new_one&mine=1+2";
    let redirect = Redirect::parse(url).unwrap();
    assert_eq!(redirect.session_id.as_deref(), Some("séss"));
    assert_eq!(
        (redirect.status, redirect.reason),
        (RedirectStatus::Failed, Reason::Other)
    );
    assert_eq!(redirect.reason_text.as_deref(), Some("new_one"));
    assert_eq!(redirect.param("mine").unwrap().as_deref(), Some("1 2"));
    assert_eq!(redirect.param("other").unwrap(), None);
    assert!(redirect.matches("séss") && !redirect.matches("sess"));
    assert!(redirect
        .describe()
        .unwrap()
        .contains("\"reason_text\":\"new_one\""));
}

#[test]
fn a_redirect_of_any_bytes_is_read() {
    let redirect =
        Redirect::parse(&b"?session_id=%FF\xff&status=success&reason=unknown"[..]).unwrap();
    assert!(redirect.facts.contains(Facts::NOT_UTF8));
    assert!(redirect.facts.contains(Facts::SUCCESS_WITH_REASON));
    assert_eq!(redirect.session_id.as_deref(), Some("\u{fffd}\u{fffd}"));
    let long = format!("?session_id=1&long={}", "x".repeat(20_000));
    assert!(Redirect::parse(long).unwrap().describe().unwrap().len() > 20_000);
    assert_eq!(Redirect::parse("").unwrap().session_id, None);
}

#[test]
fn a_repeated_parameter_is_refused() {
    let error = Redirect::parse("?status=failed&status=success").unwrap_err();
    assert!(matches!(error, Error::Answer(details) if details.status == Status::REPEATED));
}

#[test]
fn a_webhook_is_verified_before_it_is_read() {
    let body = br#"{"type": "session.status.verified", "data": {"id": "s", "status": "VERIFIED"}}"#;
    let webhook = Webhook::open(body, "whsec_b", &["whsec_a", "whsec_b"]).unwrap();
    assert_eq!(
        (webhook.kind(), webhook.verdict()),
        (WebhookType::SessionVerified, Verdict::Verified)
    );
    assert_eq!(webhook.session_id(), "s");
    assert!(webhook.supersedes("") && !webhook.supersedes(webhook.key()));
    assert_eq!(webhook.json().as_bytes(), body);
    assert!(webhook.describe().starts_with('{'));
    let forged = Webhook::open(body, "whsec_c", &["whsec_a"]).err().unwrap();
    let malformed = Webhook::open(b"{}", "whsec_a", &["whsec_a"]).err().unwrap();
    assert_eq!(forged.status(), Status::WEBHOOK_SIGNATURE);
    assert_eq!(malformed.status(), Status::WEBHOOK);
    assert_eq!(forged.to_string(), malformed.to_string());
}

#[test]
fn the_interface_is_the_one_of_the_library() {
    assert_eq!(deepidv::abi_version().0, 0);
    assert!(!deepidv::version().is_empty());
    assert_eq!(Status::PHONE.name(), "DEEPIDV_E_PHONE");
    deepidv::libcurl_problem();
}
