"""SIGPIPE, with a TLS library that writes to the socket itself, as OpenSSL does for libcurl before 7.87.

No such libcurl from 7.85 on can be had as a binary, so the system's is masked: what it sends may raise the signal.
"""

import os
import subprocess
import sys

import proxy as p
import pytest

MASK = r"""
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <sys/socket.h>

ssize_t send(int socket, const void *bytes, size_t size, int flags)
{
  ssize_t (*real)(int, const void *, size_t, int);
  *(void **)&real = dlsym(RTLD_NEXT, "send");
  return real(socket, bytes, size, flags & ~MSG_NOSIGNAL);
}

curl_version_info_data *curl_version_info(CURLversion stamp)
{
  static curl_version_info_data masked;
  curl_version_info_data *(*real)(CURLversion);
  *(void **)&real = dlsym(RTLD_NEXT, "curl_version_info");
  masked = *real(stamp);
  masked.version_num = 0x075600;
  return &masked;
}
"""
# The action of the signal is the default, as in a C program.
PROGRAM = """
import signal, sys, time, deepidv
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
client = deepidv.Client("dk_emulator", base_url=sys.argv[1], ca_file=sys.argv[2])
client.list_page()
time.sleep(0.3)
{then}
client.close()
del client
print("alive")
"""


@pytest.fixture(scope="module")
def mask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mask")
    (folder / "mask.c").write_text(MASK)
    linked = ["-shared", "-fPIC", "-Wl,--no-as-needed", "-lcurl"]
    subprocess.run(["cc", folder / "mask.c", *linked, "-o", folder / "mask.so"], check=True, timeout=60)
    return folder / "mask.so"


@pytest.mark.parametrize("then", ["", "client.list_page()"], ids=["client_ends", "request"])
def test_a_connection_that_broke_while_idle_does_not_end_the_host(mask, start_proxy, certificate_folder, then):
    """TLS says good-bye to a peer that is gone: when the client is freed, or before its next request."""
    front = start_proxy(p.pass_on(then=p.idle(0.02, p.fin_then_rst)), transport="tls")
    command = [sys.executable, "-c", PROGRAM.format(then=then), front.url, certificate_folder / "authority.pem"]
    environment = {**os.environ, "LD_PRELOAD": str(mask)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
