"""A process of several that share a rate: creates sessions as fast as it may."""

import sys
import threading

import deepidv
from common import applicant
from deepidv.contrib.shared_rate import SharedRate

server, count, rate = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
client = deepidv.Client.from_env()


def create():
    for _ in range(count):
        client.create_session(**applicant(None))


with SharedRate(client, server, rate=rate, burst=1):
    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
