/* Reading redirects, and comparing their session. */

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <sys/mman.h>

#include "support.h"

/* ---- What is read ---------------------------------------------------------------- */

typedef struct redirect_case {
  const char *url;
  uint32_t present;
  int32_t status;
  int32_t reason;
  uint32_t facts;
  const char *id; /* as it came */
} redirect_case;

#define ID DEEPIDV_HAS_SESSION_ID
#define STATUS DEEPIDV_HAS_STATUS
#define REASON DEEPIDV_HAS_REASON
#define FRAGMENT DEEPIDV_HAS_FRAGMENT
#define OTHER_ID DEEPIDV_HAS_OTHER_SESSION_ID
#define NO_ID DEEPIDV_FACT_NO_SESSION_ID
#define OTHER_FORM DEEPIDV_FACT_OTHER_FORM
#define NOT_UTF8 DEEPIDV_FACT_NOT_UTF8
#define EQUAL DEEPIDV_FACT_REPEATED_EQUAL
#define JOINED DEEPIDV_FACT_JOINED_TWICE
#define SUCCESS DEEPIDV_REDIRECT_SUCCESS
#define FAILED DEEPIDV_REDIRECT_FAILED
#define ABANDONED DEEPIDV_REDIRECT_ABANDONED
#define APP "https://yourapp.com/verify-callback"

static const redirect_case redirects[] = {
  /* The documented examples. */
  { APP "?session_id=sess_abc&status=success", ID | STATUS, SUCCESS, 0, 0, "sess_abc" },
  { APP "?session_id=sess_abc&status=failed&reason=document_unreadable", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_DOCUMENT_UNREADABLE, 0, "sess_abc" },
  { APP "?session_id=sess_abc&status=abandoned&reason=user_cancelled", ID | STATUS | REASON, ABANDONED,
      DEEPIDV_REASON_USER_CANCELLED, 0, "sess_abc" },

  /* Every reason. */
  { "?session_id=s&status=failed&reason=face_mismatch", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_FACE_MISMATCH, 0, "s" },
  { "?session_id=s&status=failed&reason=session_expired", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_SESSION_EXPIRED, 0, "s" },
  { "?session_id=s&status=failed&reason=internal_error", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_INTERNAL_ERROR, 0, "s" },
  { "?session_id=s&status=failed&reason=unknown", ID | STATUS | REASON, FAILED, DEEPIDV_REASON_UNKNOWN, 0,
      "s" },
  { "?session_id=s&status=failed&reason=moon_phase", ID | STATUS | REASON, FAILED, DEEPIDV_REASON_OTHER, 0,
      "s" },

  /* Whole URL, path, query with and without its question mark. */
  { "http://localhost:3000/?session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "https://yourapp.com?session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "/cb?session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "status=success&session_id=s", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "/session_id=s&status=success", 0, 0, 0, NO_ID, "" },
  { "https://yourapp.com/session_id=s&status=success", 0, 0, 0, NO_ID, "" },
  { "", 0, 0, 0, NO_ID, "" },
  { "?", 0, 0, 0, NO_ID, "" },
  { "&&&", 0, 0, 0, NO_ID, "" },
  { "=", 0, 0, 0, NO_ID, "" },

  /* The integrator's own query, before and after, and a ? within a value. */
  { APP "?a=b&session_id=s&c&status=success&d=e", ID | STATUS, SUCCESS, 0, 0, "s" },
  { APP "?next=/x?y&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "next=/x?status=failed&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { APP "?&&session_id=s&&status=success&", ID | STATUS, SUCCESS, 0, 0, "s" },

  /* A second ? that joins: the parameter is missing without it, and it is the last one of those. */
  { APP "?a=b?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { APP "?a=b?status=success&session_id=s", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { APP "?a=b?reason=unknown&status=failed&session_id=s", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_UNKNOWN, JOINED, "s" },
  { APP "?a=b?session_id=s&status=failed&reason=unknown", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_UNKNOWN, JOINED, "s" },
  { APP "?a=b?st%61tus=success&session_id=s", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { APP "??session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { APP "?flag?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { APP "?a=b&?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "a=b?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "/cb?a=b?session_id=s&status=success#f?status=failed", ID | STATUS | FRAGMENT, SUCCESS, 0, JOINED, "s" },
  { "?session_id=s?status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "?next=/x?status=1?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "?next=/x?session_id=1?session_id=s&status=success", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "?next=/x?status=1?status=success&session_id=s", ID | STATUS, SUCCESS, 0, JOINED, "s" },
  { "?a=b?sessionId=s&status=SUBMITTED", STATUS | OTHER_ID, DEEPIDV_REDIRECT_SUBMITTED, 0,
      NO_ID | OTHER_FORM | JOINED, "" },
  { "?sessionId=mine&a=b?session_id=s&status=success", ID | STATUS | OTHER_ID, SUCCESS, 0, JOINED, "s" },
  { "?a=b?session_id=%ff&status=success", ID | STATUS, SUCCESS, 0, JOINED | NOT_UTF8, "%ff" },
  /* One that does not: the parameter is there, a success has no reason, or it is no name. */
  { "?next=/x?status=1&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?next=/x?session_id=1&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?next=/x?reason=1&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?next=/x?sessionId=1&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?a=b?sessionId=1&session_id=s&status=success", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?a=b?session_ids=s&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?a=b?session_id&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?a=b? session_id=s&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?a=b?x&session_id%3D=s&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?a=b%3Fsession_id=s&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?a=b#?session_id=s&status=success", FRAGMENT, 0, 0, NO_ID, "" },

  /* Repeated with equal values. */
  { "?session_id=s&status=success&session_id=s", ID | STATUS, SUCCESS, 0, EQUAL, "s" },
  { "?session_id=%61&session%5Fid=a&status=success", ID | STATUS, SUCCESS, 0, EQUAL, "%61" },
  { "?session_id=s&status=success&status=success&status=success", ID | STATUS, SUCCESS, 0, EQUAL, "s" },
  { "?session_id&session_id=&status=success", ID | STATUS, SUCCESS, 0, NO_ID | EQUAL, "" },
  { "?sessionId=a+b&sessionId=a%20b&status=SUBMITTED", STATUS | OTHER_ID, DEEPIDV_REDIRECT_SUBMITTED, 0,
      NO_ID | OTHER_FORM | EQUAL, "" },
  { "?sessionId=a&sessionId=a&session_id=s&status=success", ID | STATUS | OTHER_ID, SUCCESS, 0, 0, "s" },
  { "?a=b?status=success&session_id=s&session_id=s", ID | STATUS, SUCCESS, 0, EQUAL | JOINED, "s" },

  /* Fragments: browsers do not send them. */
  { APP "?session_id=s&status=success#top", ID | STATUS | FRAGMENT, SUCCESS, 0, 0, "s" },
  { APP "#?session_id=s&status=success", FRAGMENT, 0, 0, NO_ID, "" },
  { APP "?session_id=s#status=success", ID | FRAGMENT, 0, 0, 0, "s" },
  { "session_id=s#", ID | FRAGMENT, 0, 0, 0, "s" },

  /* Encoded. */
  { "?session%5Fid=s&%73tatus=s%75ccess", ID | STATUS, SUCCESS, 0, 0, "s" },
  { "?session%5fid=sess%2dabc&status=%66%61%69%6c%65%64&reason=face%5Fmismatch", ID | STATUS | REASON, FAILED,
      DEEPIDV_REASON_FACE_MISMATCH, 0, "sess%2dabc" },
  { "?session_id%3Ds&status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?session_id=a%26status%3Dfailed&status=success", ID | STATUS, SUCCESS, 0, 0, "a%26status%3Dfailed" },
  { "?session_id=s&status=success+", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?session+id=s&status=success", STATUS, SUCCESS, 0, NO_ID, "" },

  /* Words compared exactly. */
  { "?session_id=s&status=SUCCESS", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?session_id=s&status=succes", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?session_id=s&status=successful", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?session_id=s&status=success%00", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?Session_Id=s&STATUS=success", 0, 0, 0, NO_ID, "" },
  { "?session_id=s&status", ID | STATUS, 0, 0, 0, "s" },
  { "?session_id=s&status=", ID | STATUS, 0, 0, 0, "s" },
  { "?session_id=s", ID, 0, 0, 0, "s" },
  { "?session_id=s=t&status=success", ID | STATUS, SUCCESS, 0, 0, "s=t" },

  /* Facts. */
  { "?session_id=&status=success", ID | STATUS, SUCCESS, 0, NO_ID, "" },
  { "?session_id&status=success", ID | STATUS, SUCCESS, 0, NO_ID, "" },
  { "?status=success", STATUS, SUCCESS, 0, NO_ID, "" },
  { "?session_id=s&status=success&reason=unknown", ID | STATUS | REASON, SUCCESS, DEEPIDV_REASON_UNKNOWN,
      DEEPIDV_FACT_SUCCESS_WITH_REASON, "s" },
  { "?session_id=s&status=success&reason=", ID | STATUS | REASON, SUCCESS, 0, 0, "s" },
  { "?session_id=s&status=failed", ID | STATUS, FAILED, 0, DEEPIDV_FACT_FAILED_WITHOUT_REASON, "s" },
  { "?session_id=s&status=abandoned", ID | STATUS, ABANDONED, 0, DEEPIDV_FACT_ABANDONED_OTHERWISE, "s" },
  { "?status=abandoned&reason=face_mismatch", STATUS | REASON, ABANDONED, DEEPIDV_REASON_FACE_MISMATCH,
      DEEPIDV_FACT_ABANDONED_OTHERWISE | NO_ID, "" },

  /* The form of one of the vendor's guides: flagged, and never a success. */
  { "https://yourapp.com/cb?status=SUBMITTED&sessionId=abc123", STATUS | OTHER_ID, DEEPIDV_REDIRECT_SUBMITTED,
      0, NO_ID | OTHER_FORM, "" },
  { "?st%61tus=SUBMITTE%44&session%49d=abc123", STATUS | OTHER_ID, DEEPIDV_REDIRECT_SUBMITTED, 0,
      NO_ID | OTHER_FORM, "" },
  { "?status=SUBMITTED&session_id=s", ID | STATUS, DEEPIDV_REDIRECT_SUBMITTED, 0, OTHER_FORM, "s" },
  { "?status=success&sessionId=s", STATUS | OTHER_ID, SUCCESS, 0, NO_ID | OTHER_FORM, "" },
  { "?sessionId=", OTHER_ID, 0, 0, NO_ID | OTHER_FORM, "" },
  { "?status=submitted&session_id=s", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  { "?status=Submitted&session_id=s", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, 0, "s" },
  /* With session_id, sessionId may be the integrator's own. */
  { "?sessionId=mine&session_id=s&status=success", ID | STATUS | OTHER_ID, SUCCESS, 0, 0, "s" },
  { "?sessionId=1&sessionId=2&session_id=s&status=success", ID | STATUS | OTHER_ID, SUCCESS, 0, 0, "s" },
  { "?sessionID=s&SessionId=s&sessionid=s", 0, 0, 0, NO_ID, "" },

  /* Not UTF-8. */
  { "?session_id=%ff&status=success", ID | STATUS, SUCCESS, 0, NOT_UTF8, "%ff" },
  { "?session_id=a%80&status=success", ID | STATUS, SUCCESS, 0, NOT_UTF8, "a%80" },
  { "?session_id=%bFb&status=success", ID | STATUS, SUCCESS, 0, NOT_UTF8, "%bFb" },
  { "?session_id=%7F%8&status=success", ID | STATUS, SUCCESS, 0, 0, "%7F%8" },
  { "?session_id=\xc3(&status=success", ID | STATUS, SUCCESS, 0, NOT_UTF8, "\xc3(" },
  { "?session_id=a%C3&status=success", ID | STATUS, SUCCESS, 0, NOT_UTF8, "a%C3" },
  { "?session_id=s&status=succ\xe9s", ID | STATUS, DEEPIDV_REDIRECT_OTHER, 0, NOT_UTF8, "s" },
  { "?session_id=s&status=failed&reason=%ED%A0%80", ID | STATUS | REASON, FAILED, DEEPIDV_REASON_OTHER,
      NOT_UTF8, "s" },
  { "?session_id=%C3%A9\xc3\xa9%C3\xa9&status=success", ID | STATUS, SUCCESS, 0, 0, "%C3%A9\xc3\xa9%C3\xa9" },
  { "?session_id=s&status=success&mine=%ff#\xff", ID | STATUS | FRAGMENT, SUCCESS, 0, 0, "s" },
};

static void redirects_and_their_values(void **state)
{
  size_t i, j;

  (void)state;
  for (i = 0; i < COUNT(redirects); i++) {
    const redirect_case *row = &redirects[i];
    deepidv_redirect redirect;

    memset(&redirect, 0xff, sizeof redirect);
    assert_status(deepidv_redirect_parse(row->url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
    assert_row(redirect.present == row->present, row->url);
    assert_row(redirect.status == row->status, row->url);
    assert_row(redirect.reason == row->reason, row->url);
    assert_row(redirect.facts == row->facts, row->url);
    assert_row(is_text(row->url, redirect.session_id, row->id), row->url);
    assert_row(redirect.repeated.offset == 0 && redirect.repeated.length == 0, row->url);
    for (j = 0; j < COUNT(redirect.reserved); j++)
      assert_row(redirect.reserved[j] == 0, row->url);
  }
}

static void texts_are_not_decoded(void **state)
{
  static const char url[] = APP "?status=s%75ccess&reason=new+one&session_id=a%20b#f=1#2";
  deepidv_redirect redirect;

  (void)state;
  assert_status(deepidv_redirect_parse(url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
  assert_true(is_text(url, redirect.status_text, "s%75ccess"));
  assert_true(is_text(url, redirect.reason_text, "new+one"));
  assert_true(is_text(url, redirect.session_id, "a%20b"));
  assert_true(is_text(url, redirect.fragment, "f=1#2"));
}

static void repeated_parameters(void **state)
{
  static const struct {
    const char *url, *first, *second;
  } cases[] = {
    { "session_id=a&session_id=b&status=success", "a", "b" },
    { "session_id=a&status=success&status=failed", "a", "failed" },
    { "session_id=a&reason=x&reason=y&reason=z", "a", "y" },
    { "session_id=a&session_id=a&session%5Fid=b", "a", "b" },
    { "session_id=a&session_id=A", "a", "A" },
    { "session_id=a&session_id=a%00", "a", "a%00" },
    { "x=y?session_id=a&status=success&status=failed", "a", "failed" },
    { "session_id=&session_id=b", "", "b" },
    { "session_id&session_id=b", "", "b" },
    { APP "?session_id=a&status=failed&session_id=b&status=success", "a", "b" },
    { "session_id=a&sessionId=b&sessionId=c&reason=x&reason=y", "a", "y" },
    { "sessionId=b&sessionId=c&status=SUBMITTED", "", "c" },
    { "sessionId=b&sessionId=c&status=x&status=y", "", "y" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_redirect redirect;

    assert_status(deepidv_redirect_parse(cases[i].url, DEEPIDV_NTS, &redirect), DEEPIDV_E_REPEATED);
    assert_row(is_text(cases[i].url, redirect.session_id, cases[i].first), cases[i].url);
    assert_row(is_text(cases[i].url, redirect.repeated, cases[i].second), cases[i].url);
    assert_row(redirect.repeated.offset > redirect.session_id.offset, cases[i].url);
  }
}

static void the_alternative_session_id(void **state)
{
  static const char url[] = "?sessionId=a%62c&sessionId=d&session_id=e";
  deepidv_redirect redirect;

  (void)state;
  assert_status(deepidv_redirect_parse(url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
  assert_true(is_text(url, redirect.other_session_id, "a%62c"));
  assert_status(
      deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, "abc", DEEPIDV_NTS), DEEPIDV_E_MISMATCH);
  assert_status(deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, "e", DEEPIDV_NTS), DEEPIDV_OK);
}

/* The bytes before and between the parameters end at every position of a block. */
static void parameters_at_every_position(void **state)
{
  char url[512];
  size_t before, between;

  (void)state;
  for (before = 0; before < 140; before++)
    for (between = 0; between < 140; between++) {
      deepidv_redirect redirect;
      size_t at = 0;

      memset(url, '/', before + 1);
      at += before + 1;
      memcpy(url + at, "?session%5fid=a%62&own=", 23);
      at += 23;
      memset(url + at, '%', between);
      at += between;
      memcpy(url + at, "&status=failed&reason=unknown#x", 31);
      at += 31;
      assert_status(deepidv_redirect_parse(url, at, &redirect), DEEPIDV_OK);
      assert_int_equal(redirect.present, ID | STATUS | REASON | FRAGMENT);
      assert_int_equal(redirect.session_id.offset, before + 15);
      assert_int_equal(redirect.session_id.length, 4);
      assert_int_equal(redirect.status, FAILED);
      assert_int_equal(redirect.status_text.offset, before + between + 32);
      assert_int_equal(redirect.reason, DEEPIDV_REASON_UNKNOWN);
      assert_int_equal(redirect.reason_text.length, 7);
      assert_int_equal(redirect.fragment.offset, at - 1);
      assert_int_equal(redirect.facts, 0);
    }
}

/* Positions have 32 bits, and the last one is used. Only the ends of the text are written. */
static void texts_of_the_maximum_length(void **state)
{
  static const char start[] = "?x=", end[] = "&session_id=s&status=success#";
  const size_t length = UINT32_MAX;
  deepidv_redirect redirect;
  char *url;

  (void)state;
  if (is_watched())
    skip();
  url = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  assert_true(url != MAP_FAILED);
  memcpy(url, start, sizeof start - 1);
  memcpy(url + length - (sizeof end - 1), end, sizeof end - 1);
  assert_status(deepidv_redirect_parse(url, length, &redirect), DEEPIDV_OK);
  assert_int_equal(redirect.present, ID | STATUS | FRAGMENT);
  assert_true(is_text(url, redirect.session_id, "s"));
  assert_int_equal(redirect.status, SUCCESS);
  assert_int_equal(redirect.fragment.offset, UINT32_MAX);
  assert_int_equal(redirect.fragment.length, 0);
  assert_int_equal(munmap(url, length), 0);
}

/* Nothing behind the length is read, and a NUL inside is a byte like others. */
static void lengths(void **state)
{
  static const char url[] = "session_id=abc&status=success\0&status=failed";
  deepidv_redirect redirect;

  (void)state;
  assert_status(deepidv_redirect_parse(url, 13, &redirect), DEEPIDV_OK);
  assert_true(is_text(url, redirect.session_id, "ab"));
  assert_int_equal(redirect.present, ID);
  assert_status(deepidv_redirect_parse(url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
  assert_int_equal(redirect.status, SUCCESS);
  assert_status(deepidv_redirect_parse(url, sizeof url - 1, &redirect), DEEPIDV_E_REPEATED);
  assert_int_equal(redirect.status, DEEPIDV_REDIRECT_OTHER);
  assert_status(deepidv_redirect_parse(url, (size_t)UINT32_MAX + 1, &redirect), DEEPIDV_E_TOO_LONG);
  assert_int_equal(redirect.present, 0);
  assert_status(deepidv_redirect_parse("", 0, &redirect), DEEPIDV_OK);
}

/* ---- Whose redirect it is -------------------------------------------------------- */

static void matching_sessions(void **state)
{
  static const struct {
    const char *url, *id;
    deepidv_status status;
  } cases[] = {
    { "?session_id=sess_abc", "sess_abc", DEEPIDV_OK },
    { "?session_id=sess%5Fabc", "sess_abc", DEEPIDV_OK },
    { "?session_id=%73%65ss_abc", "sess_abc", DEEPIDV_OK },
    { "?session_id=a+b", "a b", DEEPIDV_OK },
    { "?session_id=a%20b", "a b", DEEPIDV_OK },
    { "?session_id=%C3%A9", "\xc3\xa9", DEEPIDV_OK },
    { "?session_id=%zz", "%zz", DEEPIDV_OK },
    { "?session_id=sess_ab", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abcd", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abC", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=Sess_abc", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=s", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=sss", "s", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abc%00", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?status=success", "sess_abc", DEEPIDV_E_MISMATCH },
    { "?session_id=", "", DEEPIDV_E_MISMATCH },
    { "?status=success", "", DEEPIDV_E_MISMATCH },
    { "?session_id=sess_abc", "", DEEPIDV_E_MISMATCH },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(cases); i++) {
    deepidv_redirect redirect;

    assert_status(deepidv_redirect_parse(cases[i].url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
    assert_row(deepidv_redirect_matches(cases[i].url, DEEPIDV_NTS, &redirect, cases[i].id, DEEPIDV_NTS)
            == cases[i].status,
        cases[i].url);
  }
}

/* Every prefix of the id, and the id with each byte changed. */
static void nearly_matching_sessions(void **state)
{
  static const char url[] = "?session_id=sess_0123456789&status=success", id[] = "sess_0123456789";
  deepidv_redirect redirect;
  size_t i;

  (void)state;
  assert_status(deepidv_redirect_parse(url, DEEPIDV_NTS, &redirect), DEEPIDV_OK);
  for (i = 0; i < strlen(id); i++) {
    char changed[sizeof id];

    memcpy(changed, id, sizeof id);
    changed[i] ^= 0x20;
    assert_status(deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, id, i), DEEPIDV_E_MISMATCH);
    assert_status(
        deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, changed, DEEPIDV_NTS), DEEPIDV_E_MISMATCH);
  }
  assert_status(deepidv_redirect_matches(url, DEEPIDV_NTS, &redirect, id, DEEPIDV_NTS), DEEPIDV_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(redirects_and_their_values),
    cmocka_unit_test(texts_are_not_decoded),
    cmocka_unit_test(repeated_parameters),
    cmocka_unit_test(the_alternative_session_id),
    cmocka_unit_test(parameters_at_every_position),
    cmocka_unit_test(texts_of_the_maximum_length),
    cmocka_unit_test(lengths),
    cmocka_unit_test(matching_sessions),
    cmocka_unit_test(nearly_matching_sessions),
  };

  return cmocka_run_group_tests_name("redirect", tests, NULL, NULL);
}
