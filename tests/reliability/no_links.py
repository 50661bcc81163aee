"""Run a command that cannot make symbolic links: `python -m tests.reliability.no_links COMMAND ...`.

The kernel refuses the system calls with EPERM, as it does on FAT, in this process and in all that it starts.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from typing import Final

# The numbers of symlink and symlinkat; newer architectures have only the latter.
_CALLS: Final = {"x86_64": (88, 266), "aarch64": (36,)}
_LOAD_NUMBER: Final = (0x20, 0, 0, 0)
_ALLOW: Final = (0x06, 0, 0, 0x7FFF0000)
_REFUSE: Final = (0x06, 0, 0, 0x00050000 | errno.EPERM)
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_possible() -> bool:
    """Whether the calls of this architecture are known."""
    return sys.platform == "linux" and platform.machine() in _CALLS


def refuse_links() -> None:
    """Install a seccomp filter: jump to the refusal at a number of the calls, else allow. Raises OSError."""
    calls = _CALLS[platform.machine()]
    jumps = [(0x15, len(calls) - place, 0, number) for place, number in enumerate(calls)]
    rules = b"".join(struct.pack("HBBI", *rule) for rule in (_LOAD_NUMBER, *jumps, _ALLOW, _REFUSE))
    program = _Program(len(rules) // 8, rules)
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    refuse_links()
    os.execvp(sys.argv[1], sys.argv[1:])
