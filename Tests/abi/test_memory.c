/*
 * Out of memory: whichever allocation of a call fails, it returns a status, nothing is corrupted, and a session that
 * exists is never reported as not created.
 *
 * Each call runs in a child process of its own, first to count its allocations, and then once for each of them: with only
 * this one failing, and with all from this one on.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emulator.h"
#include "support.h"

/* ---- Memory that runs out ------------------------------------------------------- */

static atomic_int counts;   /* whether allocations are counted */
static atomic_long counted; /* how many there have been */
static atomic_long failing; /* the number of the first that fails; 0 for none */
static atomic_int lasting;  /* whether those after it fail, too */

static int fails(void)
{
  if (!counts)
    return 0;
  const long number = ++counted, first = failing;
  return first > 0 && (lasting ? number >= first : number == first);
}

/* dlsym() may allocate before the C library's functions are known. */
static char early[4096];
static size_t early_taken;

static void *take_early(size_t size)
{
  void *memory = early + early_taken;

  early_taken += (size + 15) / 16 * 16;
  return early_taken <= sizeof early ? memory : NULL;
}

/* The C library's function with a name; valgrind replaces these, and so finds errors in this program's memory. */
#define REAL(name, type) \
  static __typeof__(type) *real; \
  static int searching; \
  if (!real && !searching) { \
    searching = 1; \
    *(void **)&real = dlsym(RTLD_NEXT, name); \
    searching = 0; \
  }

void *malloc(size_t size)
{
  REAL("malloc", void *(size_t))
  if (!real)
    return take_early(size);
  return fails() ? (errno = ENOMEM, NULL) : real(size);
}

void *calloc(size_t count, size_t size)
{
  REAL("calloc", void *(size_t, size_t))
  if (!real)
    return take_early(count * size);
  return fails() ? (errno = ENOMEM, NULL) : real(count, size);
}

void *realloc(void *memory, size_t size)
{
  REAL("realloc", void *(void *, size_t))
  return !real || fails() ? (errno = ENOMEM, NULL) : real(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
  REAL("posix_memalign", int(void **, size_t, size_t))
  return !real || fails() ? ENOMEM : real(memory, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
  REAL("aligned_alloc", void *(size_t, size_t))
  return !real || fails() ? (errno = ENOMEM, NULL) : real(alignment, size);
}

void free(void *memory)
{
  REAL("free", void(void *))
  if (real && ((char *)memory < early || (char *)memory >= early + sizeof early))
    real(memory);
}

/* ---- What is called ------------------------------------------------------------- */

#define PERSON \
  "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"email\":\"ada@example.com\",\"phone\":\"+" \
  "15192223333\"," \
  "\"externalId\":\"order-1\",\"redirectUrl\":\"https://yourapp.com/cb\"}"

/* cmocka's assertions allocate. */
#define REQUIRE(condition) \
  do { \
    if (!(condition)) { \
      counts = 0; \
      dprintf(2, "line %d: %s, at allocation %ld\n", __LINE__, #condition, (long)failing); \
      _exit(1); \
    } \
  } while (0)

static char external_id[64];

/* How many sessions the service has with the external id. */
static uint32_t sessions(void)
{
  deepidv_client *client = make_client(service.url);
  deepidv_result *result = NULL;
  uint32_t count;

  REQUIRE(deepidv_session_list(client, external_id, DEEPIDV_NTS, 10, NULL, 0, &result) == DEEPIDV_OK);
  count = deepidv_result_session_count(result);
  deepidv_result_free(result);
  deepidv_client_free(client);
  return count;
}

/* Whether a status leaves open that the session exists. */
static int may_exist(deepidv_status status)
{
  return status == DEEPIDV_OK || status == DEEPIDV_E_OUTCOME_UNKNOWN || status == DEEPIDV_E_DUPLICATE;
}

static void check_created(deepidv_status status)
{
  const uint32_t count = sessions();

  REQUIRE(count <= 1);
  REQUIRE(count == 0 ? status != DEEPIDV_OK : may_exist(status));
}

static deepidv_status new_client(deepidv_client **client)
{
  deepidv_config *config = NULL;
  deepidv_status status = deepidv_config_new(&config);

  if (status == DEEPIDV_OK)
    status = deepidv_config_set_api_key(config, "dk_emulator", DEEPIDV_NTS);
  if (status == DEEPIDV_OK)
    status = deepidv_config_set_base_url(config, service.url, DEEPIDV_NTS);
  if (status == DEEPIDV_OK)
    status = deepidv_config_set_timeout_ms(config, failing ? 200 : 10000);
  if (status == DEEPIDV_OK)
    status = deepidv_client_new(config, client);
  REQUIRE((*client == NULL) == (status != DEEPIDV_OK));
  deepidv_config_free(config);
  return status;
}

static deepidv_status new_request(deepidv_session_request **request)
{
  deepidv_status status = deepidv_session_request_new(request);

  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_json(*request, PERSON, DEEPIDV_NTS, NULL, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_session_request_set_external_id(*request, external_id, DEEPIDV_NTS);
  return status;
}

static void create(void)
{
  deepidv_client *client = NULL;
  deepidv_session_request *request = NULL;
  deepidv_result *result = NULL;
  deepidv_status status = new_client(&client);

  if (status == DEEPIDV_OK)
    status = new_request(&request);
  if (status == DEEPIDV_OK) {
    status = deepidv_session_create(client, request, &result);
    REQUIRE(deepidv_result_status(result) == status || result == NULL);
  }
  if (status == DEEPIDV_OK)
    REQUIRE(deepidv_result_session_id(result, NULL) != NULL);
  deepidv_result_describe(result, NULL);
  counts = 0;
  check_created(status);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

/* With a worker thread and completions. */
static void submit(void)
{
  deepidv_client *client = NULL;
  deepidv_session_request *request = NULL;
  deepidv_event event = { 0 };
  deepidv_result *result = NULL;
  uint64_t operation = 0;
  deepidv_status status = new_client(&client);

  if (status == DEEPIDV_OK)
    status = new_request(&request);
  if (status == DEEPIDV_OK)
    status = deepidv_session_create_submit(client, request, 7, &operation);
  if (status == DEEPIDV_OK) {
    status = deepidv_client_take(client, operation, -1, &event, &result);
    /* The operation is still there, and can be taken when there is memory again. */
    if (status == DEEPIDV_E_NOMEM) {
      counts = 0;
      status = deepidv_client_take(client, operation, -1, &event, &result);
    }
    REQUIRE(status == DEEPIDV_OK && result);
    status = deepidv_result_status(result);
  }
  counts = 0;
  check_created(status);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
}

/* A request in JSON, written again and checked. */
static void read_request(void)
{
  deepidv_session_request *request = NULL;
  const char *field = NULL;
  deepidv_status status = new_request(&request);

  if (status == DEEPIDV_OK)
    status = deepidv_session_request_validate(request, &field);
  REQUIRE(status == DEEPIDV_OK || status == DEEPIDV_E_NOMEM);
  deepidv_session_request_free(request);
}

static void describe_redirect(void)
{
  char text[4096];
  const deepidv_status status = deepidv_redirect_describe(
      "https://a.example/cb?session_id=s%C3%A9%ff&status=failed&reason=face%5Fmismatch", DEEPIDV_NTS, text,
      sizeof text, NULL);

  REQUIRE(status == DEEPIDV_OK || status == DEEPIDV_E_NOMEM);
  REQUIRE(status == DEEPIDV_OK || text[0] == '\0');
}

static void open_webhook(void)
{
  static const char body[] =
      "{\"type\":\"session.status.verified\",\"data\":{\"id\":\"sess_abc\",\"status\":\"VERIFIED\","
      "\"updated_at\":\"2026-01-02T00:00:00.500Z\",\"n\\u00e4me\":\"x\"}}";
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  deepidv_status status = deepidv_webhook_secrets_new(&secrets);

  if (status == DEEPIDV_OK)
    status = deepidv_webhook_secrets_add(secrets, "whsec_mine", DEEPIDV_NTS);
  if (status == DEEPIDV_OK)
    status = deepidv_webhook_open(secrets, "whsec_mine", DEEPIDV_NTS, body, sizeof body - 1, &webhook);
  REQUIRE(status == DEEPIDV_OK || status == DEEPIDV_E_NOMEM);
  REQUIRE((webhook == NULL) == (status != DEEPIDV_OK));
  if (webhook) {
    deepidv_webhook_describe(webhook, NULL);
    REQUIRE(deepidv_webhook_verdict(webhook) == DEEPIDV_VERDICT_VERIFIED);
  }
  deepidv_webhook_free(webhook);
  deepidv_webhook_secrets_free(secrets);
}

static void make_state(void)
{
  char state[DEEPIDV_STATE_SIZE] = "", url[512] = "";
  deepidv_state_keys *keys = NULL;
  deepidv_status status = deepidv_state_keys_new(&keys);

  if (status == DEEPIDV_OK)
    status = deepidv_state_keys_add(keys, "0123456789abcdef0123456789abcdef", 32);
  if (status == DEEPIDV_OK)
    status = deepidv_state_new(keys, "cookie", DEEPIDV_NTS, 600, state, sizeof state, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_redirect_url_with_state(
        "https://a.example/cb", DEEPIDV_NTS, state, DEEPIDV_NTS, url, sizeof url, NULL);
  if (status == DEEPIDV_OK)
    status = deepidv_state_verify(keys, url, DEEPIDV_NTS, "cookie", DEEPIDV_NTS);
  /* OpenSSL says only that the HMAC failed. */
  REQUIRE(status == DEEPIDV_OK || status == DEEPIDV_E_NOMEM || status == DEEPIDV_E_SYSTEM);
  deepidv_state_keys_free(keys);
}

/* ---- Each allocation fails ------------------------------------------------------ */

/* Runs a call in a child process; returns how it ended, and the number of its allocations. */
static int run(void (*call)(void), long first, int lasts, long *total)
{
  static const int deadly[] = { SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE };
  static unsigned number;
  int report[2], status = -1;
  pid_t child;

  snprintf(external_id, sizeof external_id, "memory-%d-%u", (int)getpid(), ++number);
  assert_int_equal(pipe(report), 0);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    /* Instead of cmocka's handlers. */
    for (size_t i = 0; i < COUNT(deadly); i++)
      signal(deadly[i], SIG_DFL);
    alarm(60);
    failing = first;
    lasting = lasts;
    counted = 0;
    counts = 1;
    call();
    counts = 0;
    _exit(write(report[1], &counted, sizeof(long)) == sizeof(long) ? 0 : 2);
  }
  close(report[1]);
  if (read(report[0], total, sizeof *total) != sizeof *total)
    *total = 0;
  close(report[0]);
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static void fail_each(void (*call)(void), const char *name)
{
  /* After some failures, the library tries again until its time is over, which is short for them. Under valgrind, a sample. */
  const long step = is_watched() ? 7 : 1;
  long total = 0, first, ignored;
  int lasts, failures = 0;

  assert_int_equal(run(call, 0, 0, &total), 0);
  assert_true(total > 0);
  for (lasts = 0; lasts <= 1; lasts++)
    for (first = 1; first <= total; first += step) {
      const int status = run(call, first, lasts, &ignored);
      if (status != 0) {
        failures++;
        print_error("%s: allocation %ld of %ld%s: %s %d\n", name, first, total,
            lasts ? " and all after it" : "", WIFSIGNALED(status) ? "signal" : "exit status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
      }
    }
  print_message("%s: %ld allocations\n", name, total);
  assert_int_equal(failures, 0);
}

#define EACH(call) \
  static void call##_fails(void **state) \
  { \
    (void)state; \
    fail_each(call, #call); \
  }

EACH(create)
EACH(submit)
EACH(read_request)
EACH(describe_redirect)
EACH(open_webhook)
EACH(make_state)

/*
 * OpenSSL sets itself up once in a process, and if memory runs out then, it cannot be used any more: it is set up before
 * anything fails.
 */
static int start(void **state)
{
  const int status = start_service(state);

  if (status == 0) {
    snprintf(external_id, sizeof external_id, "first");
    assert_int_equal(sessions(), 0);
  }
  return status;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(read_request_fails),
    cmocka_unit_test(describe_redirect_fails),
    cmocka_unit_test(open_webhook_fails),
    cmocka_unit_test(make_state_fails),
    cmocka_unit_test(create_fails),
    cmocka_unit_test(submit_fails),
  };

  return cmocka_run_group_tests_name("memory", tests, start, stop_service);
}
