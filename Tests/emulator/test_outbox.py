"""The outbox of e-mails and text messages."""

from emulator_process import APPLICANT


def test_invitations(start):
    running = start("--rate", "0")
    created = running.create(redirect_url="https://yourapp.com/?a=1").json
    email, sms = running.inspect("outbox")["messages"]
    assert (email["channel"], email["to"]) == ("email", APPLICANT["email"])
    assert (sms["channel"], sms["to"]) == ("sms", APPLICANT["phone"])
    for message in (email, sms):
        assert message["link"] == created["session_url"]
        assert message["link"] in message["text"]
        assert message["session_id"] == created["id"]
    assert APPLICANT["first_name"] in email["text"] and "subject" not in sms


def test_disabled_invitations(start):
    running = start("--rate", "0")
    running.session(send_email_invite=False, sendPhoneInvite=False)
    assert running.inspect("outbox")["messages"] == []
    running.session(sendEmailInvite=False)
    assert [m["channel"] for m in running.inspect("outbox")["messages"]] == ["sms"]


def test_newest_first_and_limited(start):
    running = start("--rate", "0")
    sessions = [running.session(send_phone_invite=False) for _ in range(7)]
    messages = running.inspect("outbox?limit=3")["messages"]
    assert [m["session_id"] for m in messages] == sessions[:-4:-1]
    only = running.inspect(f"outbox?session={sessions[0]}")["messages"]
    assert [m["session_id"] for m in only] == sessions[:1]
    assert running.inspect("outbox?session=sess_nowhere")["messages"] == []
    assert running.control("GET", "outbox?limit=0").status == 400


def test_a_refused_create_sends_nothing(start):
    running = start("--rate", "0", "--tokens", "0")
    assert running.create().status == 402
    assert running.inspect("outbox")["messages"] == []
