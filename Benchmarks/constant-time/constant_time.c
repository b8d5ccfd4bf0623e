/*
 * Tests whether the time of a comparison depends on where a guess is wrong. It times two
 * kinds of guesses, wrong in the first or in the last secret byte, in random order, and
 * compares them with Welch's t-test. The method is that of Reparaz, Balasch and
 * Verbauwhede, "Dude, is my code constant time?".
 *
 *   constant_time [SAMPLES]
 */

#define _GNU_SOURCE

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "deepidv.h"

enum { GUESSES = 512, LONGEST = 2048, WARM_UP = 2000 };

/* One comparison. All of them read the guess from the same memory. */
typedef struct subject {
  const char *name;
  size_t secret; /* the number of secret bytes */
  void (*make)(const struct subject *subject, char *guess, int is_last);
  int (*compare)(const struct subject *subject);
  int repeats; /* comparisons per sample, more than 1 if one is too fast to time */
} subject;

static char guess[LONGEST];
static char secret[LONGEST];
static char guesses[2][GUESSES][LONGEST];
static deepidv_state_keys *keys;
static deepidv_webhook_secrets *secrets;

static uint64_t now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- Comparisons ----------------------------------------------------------------- */

static void make_id(const subject *subject, char *made, int is_last)
{
  size_t wrong = is_last ? subject->secret - 1 : 0;

  memcpy(made, secret, subject->secret);
  made[wrong] = made[wrong] == 'a' ? 'b' : 'a';
  made[subject->secret] = '\0';
}

static int compare_redirect(const subject *subject)
{
  deepidv_redirect redirect;

  memset(&redirect, 0, sizeof redirect);
  redirect.session_id.length = (uint32_t)subject->secret;
  return deepidv_redirect_matches(guess, subject->secret, &redirect, secret, subject->secret)
      == DEEPIDV_E_MISMATCH;
}

static int compare_memcmp(const subject *subject)
{
  int (*volatile compare)(const void *, const void *, size_t) = memcmp;

  return compare(guess, secret, subject->secret) != 0;
}

/* Creates a new state, and changes one character of its signature. */
static void make_state(const subject *subject, char *made, int is_last)
{
  const size_t wrong = is_last ? 95 : 54; /* in the last byte of the signature, and its first */

  (void)subject;
  if (deepidv_state_new(keys, "cookie=42", 9, 86400, made, LONGEST, NULL) != DEEPIDV_OK)
    exit(1);
  made[wrong] = made[wrong] == 'A' ? 'B' : 'A';
}

static int compare_state(const subject *subject)
{
  (void)subject;
  return deepidv_state_verify(keys, guess, 96, "cookie=42", 9) == DEEPIDV_E_STATE_SIGNATURE;
}

/* The first bytes of the secret are the signing secret; make_id makes the guesses. */
static int compare_webhook(const subject *subject)
{
  deepidv_webhook *webhook = NULL;

  return deepidv_webhook_open(secrets, guess, subject->secret, "{}", 2, &webhook)
      == DEEPIDV_E_WEBHOOK_SIGNATURE;
}

/* ---- Measuring ------------------------------------------------------------------- */

typedef struct sample {
  double time;
  int class;
} sample;

static int by_time(const void *left, const void *right)
{
  const double a = ((const sample *)left)->time, b = ((const sample *)right)->time;

  return (a > b) - (a < b);
}

/* Reports the largest |t| over several cuts, which remove slow samples caused by interrupts. */
static void report(const subject *subject, sample *samples, size_t count)
{
  static const double cuts[] = { 1.0, 0.99, 0.95, 0.9, 0.7, 0.5 };
  double worst = 0, means[2] = { 0, 0 };
  size_t cut, i;

  qsort(samples, count, sizeof *samples, by_time);
  for (cut = 0; cut < sizeof cuts / sizeof *cuts; cut++) {
    double n[2] = { 0, 0 }, mean[2] = { 0, 0 }, squares[2] = { 0, 0 }, t;

    for (i = 0; i < (size_t)((double)count * cuts[cut]); i++) {
      const int class = samples[i].class;
      const double difference = samples[i].time - mean[class];

      n[class]++;
      mean[class] += difference / n[class];
      squares[class] += difference * (samples[i].time - mean[class]);
    }
    t = (mean[1] - mean[0]) / sqrt(squares[0] / (n[0] - 1) / n[0] + squares[1] / (n[1] - 1) / n[1]);
    if (fabs(t) > fabs(worst))
      worst = t;
    if (cuts[cut] == 0.9)
      memcpy(means, mean, sizeof means);
  }
  printf("%-26s %6zu %12.2f %12.2f %10.1f   %s\n", subject->name, subject->secret, means[0], means[1], worst,
      fabs(worst) < 4.5      ? "no difference"
          : fabs(worst) < 10 ? "unclear"
                             : "leak");
}

static void measure(const subject *subject, sample *samples, size_t count)
{
  size_t i, filled = 0;
  int class, repeat;

  for (class = 0; class < 2; class++)
    for (i = 0; i < GUESSES; i++)
      subject->make(subject, guesses[class][i], class);
  for (i = 0; i < count + WARM_UP; i++) {
    int wrong = 0;
    uint64_t began;

    class = rand() & 1;
    memcpy(guess, guesses[class][(size_t)rand() % GUESSES], LONGEST);
    began = now_ns();
    for (repeat = 0; repeat < subject->repeats; repeat++)
      wrong += subject->compare(subject);
    if (wrong != subject->repeats)
      exit(1);
    if (i >= WARM_UP) {
      samples[filled].time = (double)(now_ns() - began) / subject->repeats;
      samples[filled++].class = class;
    }
  }
  report(subject, samples, filled);
}

int main(int argc, char **argv)
{
  static const subject subjects[] = {
    { "deepidv_redirect_matches", 24, make_id, compare_redirect, 16 },
    { "memcmp", 24, make_id, compare_memcmp, 16 },
    { "deepidv_redirect_matches", 1024, make_id, compare_redirect, 1 },
    { "memcmp", 1024, make_id, compare_memcmp, 16 },
    { "deepidv_state_verify", 32, make_state, compare_state, 1 },
    { "deepidv_webhook_open", 38, make_id, compare_webhook, 16 },
  };
  const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
  sample *samples = malloc(count * sizeof *samples);
  unsigned char key[32];
  size_t i;

  if (!samples || count < 100 || getrandom(key, sizeof key, 0) != sizeof key)
    return 1;
  srand(key[0] | (unsigned)key[1] << 8);
  for (i = 0; i < sizeof secret; i++)
    secret[i] = (char)('a' + rand() % 26);
  if (deepidv_state_keys_new(&keys) != DEEPIDV_OK
      || deepidv_state_keys_add(keys, (const char *)key, sizeof key) != DEEPIDV_OK
      || deepidv_webhook_secrets_new(&secrets) != DEEPIDV_OK
      || deepidv_webhook_secrets_add(secrets, secret, 38) != DEEPIDV_OK)
    return 1;
  printf("%zu guesses each, wrong at the first or at the last byte; nanoseconds\n", count);
  printf("%-26s %6s %12s %12s %10s\n", "", "bytes", "first wrong", "last wrong", "t");
  for (i = 0; i < sizeof subjects / sizeof *subjects; i++)
    measure(&subjects[i], samples, count);
  deepidv_webhook_secrets_free(secrets);
  deepidv_state_keys_free(keys);
  free(samples);
  return 0;
}
