"""What the process that reads files may not do: see secrets, reach the network, write files.

Each measure is taken where the kernel has it, as root or not; the others still hold. See
docs/decisions/0055-reading-child-without-secrets-or-network.md.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAX_OPEN_FILES = 128
# What libraries and tesseract are loaded from. Homes, data and the parent's /proc are not in it.
_READ_PATHS = ("/usr", "/lib", "/lib64", "/bin", "/nix/store", "/opt/homebrew", "/etc/ld.so.cache",
               "/etc/mime.types", "/etc/localtime", "/proc/self", "/proc/meminfo", "/proc/cpuinfo",
               "/sys/devices/system/cpu", "/dev/null", "/dev/urandom", "/dev/zero")  # fmt: skip

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_ACCESS_EXECUTE, _ACCESS_READ_FILE, _ACCESS_READ_DIR = 1 << 0, 1 << 2, 1 << 3
_LANDLOCK_RIGHTS = {1: 13, 2: 14, 3: 15}  # bits of file rights by version of the interface
_READ_RIGHTS = _ACCESS_EXECUTE | _ACCESS_READ_FILE | _ACCESS_READ_DIR
# The architecture's number and its calls: socket, ptrace, process_vm_readv and _writev. Two more
# have one number everywhere: io_uring_setup, which opens sockets too, and pidfd_getfd.
_CALLS = {
    "x86_64": (0xC000003E, (41, 101, 310, 311)),
    "aarch64": (0xC00000B7, (198, 117, 270, 271)),
}
_CALLS_EVERYWHERE = (425, 438)
_X32_BIT = 0x40000000
_DENY, _ALLOW = 0x00050000 | 1, 0x7FFF0000  # EPERM


def confine_process(packages: Sequence[Path]) -> tuple[str, ...]:
    """Confine this process for good; the measures that are in force.

    It can then read the libraries of the system and of Python, and of the rest only `packages`:
    folders of the program's own code, other programs that it runs, and their data.
    """
    measures = [_limit_files()]
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        measures += [_restrict_paths(library, packages), _deny_calls(library)]
    return tuple(filter(None, measures))


def _limit_files() -> str:
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))
        return "limits"
    return ""


def _restrict_paths(library: ctypes.CDLL, packages: Sequence[Path]) -> str:
    """Let the process read libraries and its own code only, by the kernel's Landlock."""
    version = library.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1:
        return ""
    rights = (1 << _LANDLOCK_RIGHTS.get(min(version, 3), 13)) - 1
    fields = [rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0]  # files, TCP, signals
    rules = struct.pack("<QQQ", *fields)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = library.syscall(
        _LANDLOCK_CREATE, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint32(0)
    )
    if ruleset < 0:
        return ""
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.realpath(sys.executable)]
    libraries = [entry for entry in sys.path if entry.endswith(("-packages", ".zip"))]
    for path in {*_READ_PATHS, *python, *libraries, *map(str, packages)}:
        _allow_reading(library, ruleset, path)
    done = library.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)
    return "paths" if done == 0 else ""


def _allow_reading(library: ctypes.CDLL, ruleset: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    is_folder = Path(path).is_dir()
    rights = _READ_RIGHTS if is_folder else _READ_RIGHTS & ~_ACCESS_READ_DIR
    rule = struct.pack("<Qi", rights, place)
    library.syscall(_LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0))
    os.close(place)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _deny_calls(library: ctypes.CDLL) -> str:
    """Refuse new sockets, and looking into other processes, by a filter of system calls."""
    if platform.machine() not in _CALLS:
        return ""
    architecture, calls = _CALLS[platform.machine()]
    denied = (*calls, *_CALLS_EVERYWHERE)
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, _DENY), (load, 0, 0, 0),
             (at_least, len(denied), 0, _X32_BIT)]  # fmt: skip
    steps += [(equal, len(denied) - n - 1, 0, call) for n, call in enumerate(denied)]
    steps[-1] = (equal, 0, 1, denied[-1])
    steps += [(give, 0, 0, _DENY), (give, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    done = library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    return "calls" if done == 0 else ""
