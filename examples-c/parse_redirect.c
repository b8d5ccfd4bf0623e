/*
 * Parses a redirect and prints its contents.
 *
 *   parse_redirect [--expect ID] [URL]
 *
 * Without a URL it reads one from each line of its input. With --expect it also checks that
 * the redirect is about that session. The exit status is 0, or 1 if a redirect is ambiguous
 * or about another session, or 2 for wrong usage.
 */

#define _POSIX_C_SOURCE 200809L /* getline */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepidv.h"

static const char *const statuses[] = { "none", "success", "failed", "abandoned", "SUBMITTED" };
static const char *const reasons[] = {
  "none",
  "document_unreadable",
  "face_mismatch",
  "session_expired",
  "internal_error",
  "user_cancelled",
  "unknown",
};

/* Unknown codes print as "other", because new ones may be added. */
static const char *word(const char *const *words, size_t count, int32_t code)
{
  return code >= 0 && (size_t)code < count ? words[code] : "other";
}

#define WORD(words, code) word(words, sizeof(words) / sizeof((words)[0]), code)

/* Prints a decoded span. It is untrusted, so control characters are replaced. */
static void print_span(const char *name, const char *url, size_t length, const deepidv_span *span)
{
  char *text = malloc((size_t)span->length + 1);
  deepidv_status status = DEEPIDV_E_NOMEM;
  size_t count = 0, i;

  if (text)
    status = deepidv_span_decode(url, length, span, text, (size_t)span->length + 1, &count);
  printf("%-12s", name);
  if (status == DEEPIDV_OK) {
    for (i = 0; i < count; i++)
      putchar((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i]);
  } else {
    printf("(%s)", deepidv_status_name(status));
  }
  putchar('\n');
  free(text);
}

static void print_facts(uint32_t facts)
{
  if (facts & DEEPIDV_FACT_NO_SESSION_ID)
    puts("fact        no session id");
  if (facts & DEEPIDV_FACT_SUCCESS_WITH_REASON)
    puts("fact        success with a reason");
  if (facts & DEEPIDV_FACT_FAILED_WITHOUT_REASON)
    puts("fact        failed without a reason");
  if (facts & DEEPIDV_FACT_ABANDONED_OTHERWISE)
    puts("fact        abandoned with a reason other than user_cancelled");
  if (facts & DEEPIDV_FACT_OTHER_FORM)
    puts("fact        the vendor's alternative form, which never means success");
  if (facts & DEEPIDV_FACT_NOT_UTF8)
    puts("fact        invalid UTF-8");
}

/* Prints one redirect. Returns 0, or 1 if it is ambiguous or about another session. */
static int read_redirect(const char *url, size_t length, const char *expected)
{
  deepidv_redirect redirect;
  deepidv_status status = deepidv_redirect_parse(url, length, &redirect);
  int wrong = status != DEEPIDV_OK;

  if (wrong)
    printf("%-12s%s\n", "ambiguous", deepidv_status_text(status));
  if (redirect.present & DEEPIDV_HAS_SESSION_ID)
    print_span("session id", url, length, &redirect.session_id);
  if (redirect.present & DEEPIDV_HAS_OTHER_SESSION_ID)
    print_span("sessionId", url, length, &redirect.other_session_id);
  printf("%-12s%s\n", "status", WORD(statuses, redirect.status));
  if (redirect.status == DEEPIDV_REDIRECT_OTHER)
    print_span("its text", url, length, &redirect.status_text);
  printf("%-12s%s\n", "reason", WORD(reasons, redirect.reason));
  if (redirect.reason == DEEPIDV_REASON_OTHER)
    print_span("its text", url, length, &redirect.reason_text);
  print_facts(redirect.facts);
  if (expected) {
    status = deepidv_redirect_matches(url, length, &redirect, expected, DEEPIDV_NTS);
    printf("%-12s%s\n", "expected", status == DEEPIDV_OK ? "yes" : deepidv_status_text(status));
    wrong = wrong || status != DEEPIDV_OK;
  }
  puts("This is an unsigned claim. Retrieve the session to confirm it.");
  return wrong;
}

int main(int argc, char **argv)
{
  const char *expected = NULL;
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  int next = 1, wrong = 0;

  if (argc > 2 && strcmp(argv[1], "--expect") == 0) {
    expected = argv[2];
    next = 3;
  }
  if (argc - next > 1 || (argc > next && argv[next][0] == '-')) {
    fprintf(stderr, "usage: %s [--expect ID] [URL]\n", argv[0]);
    return 2;
  }
  if (argc > next)
    return read_redirect(argv[next], DEEPIDV_NTS, expected);

  while ((length = getline(&line, &capacity, stdin)) > 0) {
    if (line[length - 1] == '\n')
      length--;
    wrong |= read_redirect(line, (size_t)length, expected);
  }
  free(line);
  return wrong;
}
