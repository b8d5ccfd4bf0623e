#include "parser.h"

#include <string.h>

static int32_t find(const char *const *words, int32_t count, const char *word, size_t length)
{
  int32_t i;

  if (length == 0)
    return 0;
  for (i = 0; i < count; i++)
    if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
      return i + 1;
  return -1;
}

int32_t status_code(const char *word, size_t length)
{
  static const char *const words[] = { "success", "failed", "abandoned" };

  return find(words, 3, word, length);
}

int32_t reason_code(const char *word, size_t length)
{
  static const char *const words[] = {
    "document_unreadable",
    "face_mismatch",
    "session_expired",
    "internal_error",
    "user_cancelled",
    "unknown",
  };

  return find(words, 6, word, length);
}
