/*
 * Fuzzes sequences of calls: any function of the interface, in any order, from two threads, with any arguments that the
 * header allows, NULL, and handles of another kind. What it forbids is left out: using or freeing a handle after it is
 * freed, and using one that is not for any thread in two threads.
 *
 * The first byte of an input chooses what the rest is: a request in JSON, options, or calls. Calls are followed by a line of
 * `%%` and the responses of the service. A violation aborts the process.
 */

#define _GNU_SOURCE

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepidv.h"
#include "service.h"

typedef enum kind {
  HANDLE,     /* of a certain kind */
  FREED,      /* the same, freed by the call */
  NEW_HANDLE, /* where a handle is returned */
  TEXT,
  LENGTH, /* of the text before it */
  BUFFER,
  CAPACITY, /* of the buffer before it */
  INPUT,    /* a structure that is read */
  OUTPUT,   /* a value that is written */
  TIMEOUT,
  NUMBER
} kind;

typedef struct parameter {
  kind kind;
  int handle;
  size_t size;
} parameter;

typedef enum returned { STATUS, STRING, OTHER } returned;

typedef struct function {
  const char *name;
  uintptr_t (*call)(void *const *arguments);
  const parameter *parameters;
  size_t count;
  returned returns;
  const int *statuses; /* -1 ends them */
} function;

#include "table.h"

#define FUNCTIONS (sizeof functions / sizeof *functions)
#define KEPT 3
#define MOST_PARAMETERS 12

#define require(holds) ((holds) ? (void)0 : give_up(#holds, __LINE__, ""))

static void give_up(const char *what, int line, const char *where)
{
  fprintf(stderr, "ERROR: line %d: %s %s\n", line, what, where);
  abort();
}

/* ---- A thread that calls ---------------------------------------------------------- */

typedef struct caller {
  const uint8_t *next, *end;
  /* The last of the clients belongs to all threads. */
  void *handles[HANDLES][KEPT];
  deepidv_redirect redirect;
  deepidv_param param;
} caller;

static unsigned take(caller *caller) { return caller->next < caller->end ? *caller->next++ : 0; }

static const char *const texts[] = { "", "sess_abc", "order-1", "ada@example.com", "+15192223333", "VERIFIED",
  "https://yourapp.com/cb?session_id=sess_abc&status=success&reason=%ff", "whsec_mine",
  "0123456789abcdef0123456789abcdef",
  "https://verify.example/session/sess_abc?oid=o&redirect_url=https%3A%2F%2Fa",
  "{\"firstName\":\"Ada\",\"lastName\":\"L\",\"email\":\"a@b.ca\",\"phone\":\"+15192223333\",\"externalId\":"
  "\"o\"}",
  "{\"type\":\"session.status.verified\",\"data\":{\"id\":\"sess_abc\",\"status\":\"VERIFIED\"}}",
  "[\"session.status.verified\",\"sess_abc\",null]", "timeout_ms", "250", "status", "session_record.status",
  "info", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

/* A text in a block of its own size, to be freed. */
static char *make_text(caller *caller, size_t *length)
{
  const unsigned choice = take(caller);
  const char *from;
  char *copy;

  if (choice < 0x80) {
    from = texts[choice % (sizeof texts / sizeof *texts)];
    *length = strlen(from);
  } else {
    *length = choice & 0x7F;
    if (*length > (size_t)(caller->end - caller->next))
      *length = (size_t)(caller->end - caller->next);
    from = (const char *)caller->next;
    caller->next += *length;
  }
  copy = malloc(*length + 1);
  memcpy(copy, from, *length);
  copy[*length] = '\0';
  return copy;
}

static void **place(caller *caller, int handle, unsigned choice)
{
  return &caller->handles[handle][choice % KEPT];
}

static void *handle(caller *caller, int kind)
{
  const unsigned choice = take(caller);

  if (choice >= 0xF8)
    return NULL;
  if (choice >= 0xF0)
    kind = (int)(choice % HANDLES);
  return *place(caller, kind, choice);
}

static void keep(caller *caller, int kind, void *new)
{
  void **kept = place(caller, kind, take(caller) % (kind == CLIENT_HANDLE ? KEPT - 1 : KEPT));

  if (*kept)
    free_handle[kind](*kept);
  *kept = new;
}

/* A client may only know this service, and must not take long: its config, or NULL if it is none. */
static void *prepared(caller *caller, void *config)
{
  for (size_t i = 0; config && i < KEPT; i++)
    if (config == caller->handles[CONFIG_HANDLE][i]) {
      require(deepidv_config_set_base_url(config, service_url(), DEEPIDV_NTS) == DEEPIDV_OK);
      require(deepidv_config_set_proxy(config, "", 0) == DEEPIDV_OK);
      require(deepidv_config_set_use_environment(config, 0) == DEEPIDV_OK);
      require(deepidv_config_set_timeout_ms(config, 500) == DEEPIDV_OK);
      require(deepidv_config_set_settle_ms(config, 100) == DEEPIDV_OK);
      return config;
    }
  return NULL;
}

static void check(const function *function, uintptr_t result)
{
  const int *allowed;

  if (function->returns == STRING && result)
    require(strlen((const char *)result) < 1 << 20);
  if (function->returns != STATUS)
    return;
  for (allowed = function->statuses; *allowed >= 0; allowed++)
    if (*allowed == (int)result)
      return;
  give_up(deepidv_status_name((int)result), __LINE__, function->name);
}

static void call(caller *caller)
{
  const function *function = &functions[(take(caller) << 8 | take(caller)) % FUNCTIONS];
  void *arguments[MOST_PARAMETERS] = { NULL }, *blocks[MOST_PARAMETERS] = { NULL },
       *made[MOST_PARAMETERS] = { NULL };
  void **freed = NULL;
  size_t size = 0, i;
  uintptr_t result;

  for (i = 0; i < function->count; i++) {
    const parameter *parameter = &function->parameters[i];
    unsigned choice;

    switch (parameter->kind) {
    case HANDLE: arguments[i] = handle(caller, parameter->handle); break;
    case FREED:
      freed = place(
          caller, parameter->handle, take(caller) % (parameter->handle == CLIENT_HANDLE ? KEPT - 1 : KEPT));
      arguments[i] = *freed;
      break;
    case NEW_HANDLE: arguments[i] = take(caller) >= 0xF8 ? NULL : &made[i]; break;
    case TEXT:
      blocks[i] = arguments[i] = make_text(caller, &size);
      if (take(caller) >= 0xF0) {
        arguments[i] = NULL;
        size = 0;
      }
      break;
    case LENGTH:
      choice = take(caller);
      arguments[i] = (void *)(choice < 0x40 ? DEEPIDV_NTS : choice >= 0xF8 ? (size_t)1 << 63 : size);
      break;
    case BUFFER:
      choice = take(caller);
      size = choice < 0xC0 ? choice : 4096;
      blocks[i] = malloc(size + 1);
      arguments[i] = choice >= 0xF8 ? NULL : blocks[i];
      break;
    case CAPACITY: arguments[i] = (void *)size; break;
    case INPUT:
    case OUTPUT:
      blocks[i] = calloc(1, parameter->size);
      if (parameter->size == sizeof caller->redirect && parameter->kind == INPUT)
        memcpy(blocks[i], &caller->redirect, parameter->size);
      else if (parameter->size == sizeof caller->param && parameter->kind == OUTPUT)
        memcpy(blocks[i], &caller->param, parameter->size);
      else if (parameter->kind == INPUT)
        for (size_t byte = 0; byte < parameter->size; byte++)
          ((uint8_t *)blocks[i])[byte] = (uint8_t)take(caller);
      arguments[i] = take(caller) >= 0xF8 ? NULL : blocks[i];
      break;
    case TIMEOUT: arguments[i] = (void *)(uintptr_t)(take(caller) & 0x1F); break;
    case NUMBER:
      choice = take(caller);
      arguments[i] = (void *)(uintptr_t)(choice < 0xF0 ? choice & 0x1F : (uintptr_t)-1 << (choice & 0xF) * 4);
      break;
    }
  }
  if (function == &functions[NEW_CLIENT])
    arguments[0] = prepared(caller, arguments[0]);
  result = function->call(arguments);
  check(function, result);
  if (freed)
    *freed = NULL;
  for (i = 0; i < function->count; i++) {
    if (made[i])
      keep(caller, function->parameters[i].handle, made[i]);
    if (function->parameters[i].kind == OUTPUT && function->parameters[i].size == sizeof caller->redirect)
      memcpy(&caller->redirect, blocks[i], sizeof caller->redirect);
    if (function->parameters[i].kind == OUTPUT && function->parameters[i].size == sizeof caller->param)
      memcpy(&caller->param, blocks[i], sizeof caller->param);
    free(blocks[i]);
  }
}

static void *play(void *argument)
{
  caller *caller = argument;
  int calls = 0;

  while (caller->next < caller->end && calls++ < 200)
    call(caller);
  return NULL;
}

/* ---- Inputs ------------------------------------------------------------------------ */

/* The client that both threads use. */
static deepidv_client *make_client(void)
{
  static caller creator;
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;

  require(deepidv_config_new(&config) == DEEPIDV_OK);
  creator.handles[CONFIG_HANDLE][0] = config;
  require(prepared(&creator, config) == config);
  require(deepidv_config_set_api_key(config, "dk_fuzz", DEEPIDV_NTS) == DEEPIDV_OK);
  require(deepidv_config_set_log_level(config, DEEPIDV_LEVEL_DEBUG) == DEEPIDV_OK);
  require(deepidv_client_new(config, &client) == DEEPIDV_OK);
  deepidv_config_free(config);
  return client;
}

static void free_all(caller *caller)
{
  for (int kind = 0; kind < HANDLES; kind++)
    for (size_t i = 0; i < KEPT; i++)
      free_handle[kind](caller->handles[kind][i]);
}

static void play_calls(const uint8_t *input, size_t count, int closes)
{
  const uint8_t *responses = memmem(input, count, SEPARATOR, strlen(SEPARATOR));
  const uint8_t *end = responses ? responses : input + count;
  caller callers[2] = { { .next = input, .end = input + (end - input) / 2 }, { .end = end } };
  deepidv_client *client = make_client();
  pthread_t thread;

  callers[1].next = callers[0].end;
  if (responses)
    responses += strlen(SEPARATOR);
  service_set_responses(responses, responses ? (size_t)(input + count - responses) : 0, closes);
  callers[0].handles[CLIENT_HANDLE][KEPT - 1] = callers[1].handles[CLIENT_HANDLE][KEPT - 1] = client;
  require(pthread_create(&thread, NULL, play, &callers[1]) == 0);
  play(&callers[0]);
  require(pthread_join(thread, NULL) == 0);
  callers[1].handles[CLIENT_HANDLE][KEPT - 1] = NULL;
  free_all(&callers[0]);
  free_all(&callers[1]);
  service_reset();
}

static void read_request(const char *text, size_t length)
{
  deepidv_session_request *request = NULL;
  const char *field = NULL;
  size_t offset = 0;
  deepidv_status status;

  require(deepidv_session_request_new(&request) == DEEPIDV_OK);
  status = deepidv_session_request_set_json(request, text, length, &field, &offset);
  require(status == DEEPIDV_OK || offset <= length);
  require(!field || (strlen(field) > 0 && strlen(field) < 64));
  field = NULL;
  if (status == DEEPIDV_OK && deepidv_session_request_validate(request, &field) != DEEPIDV_OK)
    require(field && strlen(field) > 0);
  /* The same again changes nothing. */
  require(deepidv_session_request_set_json(request, text, length, NULL, NULL) == status);
  deepidv_session_request_free(request);
}

/* Lines with a key, a space and a value. */
static void set_options(const char *text, size_t length)
{
  deepidv_config *config = NULL;
  const char *end = text + length;

  require(deepidv_config_new(&config) == DEEPIDV_OK);
  while (text < end) {
    const char *line = memchr(text, '\n', (size_t)(end - text));
    const char *stop = line ? line : end;
    const char *space = memchr(text, ' ', (size_t)(stop - text));
    const char *value = space ? space + 1 : stop;

    const deepidv_status status = deepidv_config_set(
        config, text, (size_t)((space ? space : stop) - text), value, (size_t)(stop - value));
    require(strcmp(deepidv_status_name(status), deepidv_status_name(-12345)) != 0);
    text = line ? line + 1 : end;
  }
  deepidv_config_free(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count)
{
  char *copy;

  if (count == 0)
    return 0;
  if ((input[0] & 3) < 2) {
    play_calls(input + 1, count - 1, input[0] & 4);
    return 0;
  }
  /* In a block of its own size, so that a byte too far is noticed. */
  copy = malloc(count - 1);
  memcpy(copy, input + 1, count - 1);
  if ((input[0] & 3) == 2)
    read_request(copy, count - 1);
  else
    set_options(copy, count - 1);
  free(copy);
  return 0;
}
