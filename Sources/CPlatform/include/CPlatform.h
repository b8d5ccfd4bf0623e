/* What the C library has and Swift cannot say here: one header per topic, a reason per function. */
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "CPlatformAddress.h"
#include "CPlatformBytes.h"
#include "CPlatformMemory.h"
#include "CPlatformProcess.h"
#include "CPlatformSocket.h"
#include "CPlatformThread.h"

#endif
