/* C shims for libc, one header per topic. Each function says why it is needed. */
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include "CPlatformAddress.h"
#include "CPlatformBytes.h"
#include "CPlatformMemory.h"
#include "CPlatformProcess.h"
#include "CPlatformReserve.h"
#include "CPlatformSocket.h"
#include "CPlatformThread.h"

#endif
