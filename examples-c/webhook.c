/*
 * A CGI program that receives webhooks. For each session it keeps a file in the folder
 * WEBHOOK_FOLDER: the key of the last event that it applied, and the status after it.
 *
 * WEBHOOK_SECRETS holds the signing secrets, separated by spaces; during a rotation, the
 * new one and the old one. The web server sets both variables, and the others by CGI:
 *
 *   location = /webhooks/deepidv {
 *     include fastcgi_params;                      # sets HTTP_DEEPIDV_SIGNATURE, too
 *     fastcgi_param SCRIPT_FILENAME /usr/lib/cgi-bin/webhook;
 *     fastcgi_param WEBHOOK_SECRETS whsec_...;
 *     fastcgi_param WEBHOOK_FOLDER /var/lib/webhooks;
 *     fastcgi_pass unix:/run/fcgiwrap.socket;
 *     client_max_body_size 4m;
 *   }
 */

#define _XOPEN_SOURCE 700 /* lockf */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deepidv.h"

enum { LARGEST = 4 << 20, LONGEST_KEY = 4096 };

static int respond(const char *status)
{
  printf("Status: %s\r\nContent-Length: 0\r\n\r\n", status);
  return 0;
}

/* Applies an event unless it is a repeat or out of date. Returns 0 if that failed. */
static int store(const deepidv_webhook *webhook)
{
  const char *folder = getenv("WEBHOOK_FOLDER"), *key = deepidv_webhook_key(webhook, NULL);
  char name[2 * 100 + 1], known[LONGEST_KEY] = "";
  deepidv_session session;
  FILE *file;
  int lock, stored = 1;
  size_t i;

  if (!folder || chdir(folder) != 0 || deepidv_webhook_session(webhook, &session) != DEEPIDV_OK
      || session.id_len > 100)
    return 0;
  /* An id may be any text, so it is no name for a file as it is. */
  for (i = 0; i < session.id_len; i++)
    sprintf(name + 2 * i, "%02x", (unsigned char)session.id[i]);
  /* Two deliveries may come at once. The lock ends with this program. */
  lock = open("lock", O_RDWR | O_CREAT, 0600);
  if (lock < 0 || lockf(lock, F_LOCK, 0) != 0)
    return 0;
  file = fopen(name, "r");
  if (file) {
    if (fgets(known, sizeof known, file))
      known[strcspn(known, "\n")] = '\0';
    fclose(file);
  }
  if (deepidv_webhook_supersedes(key, DEEPIDV_NTS, known, DEEPIDV_NTS)) {
    /* In one step, so that a crash leaves the old file or the new one. */
    file = fopen("new", "w");
    stored = file && fprintf(file, "%s\n%s\n", key, session.status ? session.status : "") > 0;
    stored = file && fflush(file) == 0 && fsync(fileno(file)) == 0 && stored;
    stored = file && fclose(file) == 0 && stored && rename("new", name) == 0;
  }
  return stored;
}

static int add_secrets(deepidv_webhook_secrets *secrets)
{
  const char *secret = getenv("WEBHOOK_SECRETS");
  deepidv_status status = DEEPIDV_OK;

  for (; secret && *secret && status == DEEPIDV_OK; secret += strspn(secret, " ")) {
    const size_t length = strcspn(secret, " ");

    status = deepidv_webhook_secrets_add(secrets, secret, length);
    secret += length;
  }
  return status == DEEPIDV_OK;
}

int main(void)
{
  const char *method = getenv("REQUEST_METHOD"), *length = getenv("CONTENT_LENGTH");
  unsigned long size = length ? strtoul(length, NULL, 10) : 0;
  deepidv_webhook_secrets *secrets = NULL;
  deepidv_webhook *webhook = NULL;
  char *body;

  if (!method || strcmp(method, "POST") != 0)
    return respond("405 Method Not Allowed");
  if (size > LARGEST)
    return respond("413 Content Too Large");
  body = malloc(size + 1);
  if (!body || deepidv_webhook_secrets_new(&secrets) != DEEPIDV_OK || !add_secrets(secrets))
    return respond("500 Internal Server Error");
  /* A body that is cut short is not an event. */
  size = fread(body, 1, size, stdin);
  switch (
      deepidv_webhook_open(secrets, getenv("HTTP_DEEPIDV_SIGNATURE"), DEEPIDV_NTS, body, size, &webhook)) {
  case DEEPIDV_OK: respond(store(webhook) ? "204 No Content" : "500 Internal Server Error"); break;
  case DEEPIDV_E_WEBHOOK_SIGNATURE: respond("401 Unauthorized"); break;
  case DEEPIDV_E_WEBHOOK: respond("400 Bad Request"); break;
  default: respond("500 Internal Server Error"); /* no secrets, or out of memory */
  }
  deepidv_webhook_free(webhook);
  deepidv_webhook_secrets_free(secrets);
  free(body);
  return 0;
}
