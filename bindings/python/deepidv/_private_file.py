"""Files that only their owner may read, since session URLs give access to verifications."""

from __future__ import annotations

import os
import stat


class UnsafeFile(Exception):
    """A file is not ours alone. The text says why, and what to do."""


def exists(path: str) -> bool:
    """Return whether a file exists. Raise UnsafeFile unless it is ours, with one name and mode 0600."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    _check(path, found)
    return True


def create(path: str) -> int:
    """Create a file that nobody else can read, and return its descriptor. It must not exist."""
    flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_RDWR | os.O_CLOEXEC
    return os.open(path, flags, 0o600)


def _check(path: str, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise UnsafeFile(f"{path} is a symbolic link; name the file itself")
    if not stat.S_ISREG(found.st_mode):
        raise UnsafeFile(f"{path} is not a regular file")
    if found.st_uid != os.geteuid():
        raise UnsafeFile(f"{path} belongs to another user (uid {found.st_uid})")
    if found.st_nlink != 1:
        raise UnsafeFile(f"{path} has {found.st_nlink} names (hard links), so others may read it")
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise UnsafeFile(f"{path} may be read or written by others (mode {mode:04o}): chmod 600 it first")
