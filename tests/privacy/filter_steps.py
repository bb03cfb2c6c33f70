"""What a seccomp filter says of a call, without a kernel: for both architectures on any machine."""

from __future__ import annotations

import struct

from posture import seccomp


def judged(program: bytes, arch: int, number: int, *args: int) -> int:
    """Interpret the few steps that our filters are made of."""
    data = struct.pack("=iIQ6Q", number, arch, 0, *args, *[0] * (6 - len(args)))
    steps = list(struct.iter_unpack("=HBBI", program))
    at, loaded = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return int(value)
        if code == seccomp.LOAD:
            (loaded,) = struct.unpack_from("=I", data, value)
        elif code == seccomp.MASK:
            loaded &= value
        else:
            tests = {seccomp.EQUAL: loaded == value, seccomp.AT_LEAST: loaded >= value, seccomp.ANY_BIT: loaded & value}
            at += yes if tests[code] else no
