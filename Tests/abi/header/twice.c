/* The header stands alone, and including it again changes nothing. */
#include "deepidv.h"

#include "deepidv.h"

int main(void) { return DEEPIDV_OK; }
