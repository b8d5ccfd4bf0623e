/*
 * Parses a list of redirects repeatedly with each parser.
 *
 *   measure LIST ROUNDS            checks every result, then prints nanoseconds per URL
 *   measure LIST PARSER PASSES     parses the list PASSES times, for counting instructions
 *   measure linear                 prints nanoseconds per byte for URLs of increasing length
 */

#define _GNU_SOURCE

#include "parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct url {
  char *text;
  size_t length;
  char *id;
  int32_t status, reason;
} url;

typedef struct peer {
  const char *name;
  parser *parse;
} peer;

static const peer peers[] = {
  { "deepidv", with_deepidv },
  { "scanner", with_scanner },
  { "curl", with_curl },
#ifdef WITH_ADA
  { "ada-params", with_ada_search_params },
  { "ada-aggregator", with_ada_aggregator },
  { "ada-url", with_ada_url },
#endif
};

#define PEERS (sizeof(peers) / sizeof(peers[0]))
#define MOST_URLS 2000
#define MOST_ROUNDS 101
#define ROUND_NS 20000000.0

static url urls[MOST_URLS];
static size_t url_count;

/* Prevents the compiler from removing the calls. */
static volatile uint64_t sink;

_Noreturn static void give_up(const char *why, const char *what)
{
  fprintf(stderr, "measure: %s %s\n", why, what);
  exit(1);
}

/* The CPU time of this thread, which other processes affect less. */
static double now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void read_list(const char *path)
{
  FILE *file = fopen(path, "r");
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;

  if (!file)
    give_up("cannot read", path);
  while (url_count < MOST_URLS && (length = getline(&line, &capacity, file)) > 0) {
    url *to = &urls[url_count++];
    char *rest = line, *text, *status, *reason;

    line[length - 1] = '\0';
    text = strsep(&rest, "\t");
    to->text = strdup(text);
    to->length = strlen(text);
    to->id = strdup(strsep(&rest, "\t"));
    status = strsep(&rest, "\t");
    reason = strsep(&rest, "\t");
    to->status = status_code(status, strlen(status));
    to->reason = reason_code(reason, strlen(reason));
  }
  free(line);
  fclose(file);
}

static void check(const peer *peer)
{
  size_t i;

  for (i = 0; i < url_count; i++) {
    answer out;

    peer->parse(urls[i].text, urls[i].length, 1, &out);
    if (out.status != urls[i].status || out.reason != urls[i].reason || out.id_length != strlen(urls[i].id)
        || memcmp(out.id, urls[i].id, out.id_length) != 0)
      give_up(peer->name, urls[i].text);
  }
}

static void pass(const peer *peer)
{
  uint64_t sum = 0;
  size_t i;

  for (i = 0; i < url_count; i++) {
    answer out;

    peer->parse(urls[i].text, urls[i].length, 0, &out);
    sum += out.id_length + (uint64_t)(uint32_t)out.status + (uint64_t)(uint32_t)out.reason;
  }
  sink += sum;
}

/* Returns nanoseconds per URL, over complete passes for at least ROUND_NS. */
static double measure(const peer *peer)
{
  double start = now_ns(), taken;
  int passes = 0;

  do {
    pass(peer);
    passes++;
    taken = now_ns() - start;
  } while (taken < ROUND_NS);
  return taken / passes / (double)url_count;
}

static int by_value(const void *left, const void *right)
{
  double difference = *(const double *)left - *(const double *)right;

  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count)
{
  qsort(values, (size_t)count, sizeof values[0], by_value);
  return values[count / 2];
}

/* Measures every parser once per round, starting with a different one, so that other load affects all of them. */
static void compare(int rounds)
{
  static double taken[PEERS][MOST_ROUNDS], to_scanner[PEERS][MOST_ROUNDS], to_first[PEERS][MOST_ROUNDS];
  size_t i, turn;
  int round;

  for (i = 0; i < PEERS; i++) {
    check(&peers[i]);
    pass(&peers[i]);
  }
  for (round = 0; round < rounds; round++) {
    for (turn = 0; turn < PEERS; turn++) {
      i = (turn + (size_t)round) % PEERS;
      taken[i][round] = measure(&peers[i]);
    }
    for (i = 0; i < PEERS; i++) {
      to_first[i][round] = taken[i][round] / taken[0][round];
      to_scanner[i][round] = taken[i][round] / taken[1][round];
    }
  }
  for (i = 0; i < PEERS; i++)
    printf("%s %.1f %.2f %.2f\n", peers[i].name, median(taken[i], rounds), median(to_scanner[i], rounds),
        median(to_first[i], rounds));
}

/* Measures one URL of increasing length: a long value, many parameters, escapes, separators, or a long name. */
static void linear(void)
{
  static const char *const kinds[] = { "one value", "parameters", "escapes", "only &", "a name" };
  static const char *const pieces[] = { "x", "a=b&", "%41", "&", "n" };
  static const size_t lengths[] = { 64, 256, 1024, 4096, 16384, 65536 };
  static char text[65536 + 64];
  size_t kind, i;

  printf("%-12s", "bytes");
  for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
    printf("%9zu", lengths[i]);
  putchar('\n');
  for (kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
    printf("%-12s", kinds[kind]);
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
      static const char tail[] = "&status=success";
      size_t length, piece = strlen(pieces[kind]);
      double best = 0;
      int round;

      strcpy(text, "/?session_id=a&");
      if (kind == 0 || kind == 2)
        strcat(text, "v=");
      length = strlen(text);
      while (length + piece + sizeof tail <= lengths[i]) {
        memcpy(text + length, pieces[kind], piece);
        length += piece;
      }
      strcpy(text + length, tail);
      length += strlen(tail);
      for (round = 0; round < 7; round++) {
        double start = now_ns(), taken;
        int times = 0;

        do {
          answer out;
          int again;

          /* Reading the clock takes longer than parsing a short URL. */
          for (again = 0; again < 100; again++)
            with_deepidv(text, length, 0, &out);
          if (out.status != 1)
            give_up("wrong status in", text);
          times += again;
          taken = now_ns() - start;
        } while (taken < 2e6);
        if (round == 0 || taken / times < best)
          best = taken / times;
      }
      printf("%9.3f", best / (double)length);
    }
    putchar('\n');
  }
}

int main(int argc, char **argv)
{
  size_t i;

  if (argc == 2 && strcmp(argv[1], "linear") == 0) {
    linear();
    return 0;
  }
  if (argc < 3)
    give_up("usage: measure LIST ROUNDS | LIST PARSER PASSES |", "linear");
  read_list(argv[1]);
  if (argc == 3) {
    int rounds = atoi(argv[2]);

    compare(rounds < 1 ? 1 : rounds > MOST_ROUNDS ? MOST_ROUNDS : rounds);
    return 0;
  }
  for (i = 0; i < PEERS; i++)
    if (strcmp(peers[i].name, argv[2]) == 0) {
      int passes = atoi(argv[3]);

      while (passes-- > 0)
        pass(&peers[i]);
      return 0;
    }
  give_up("unknown parser", argv[2]);
}
