"""A fake V4L2 camera, for the unmodified V4L2 back end of OpenCV; run by `FakeCamera` of tests/conftest.py.

umockdev (system package) gives a process that is started with its preload library a /dev and a /sys of its own, and
hands each ioctl on /dev/videoN to this program, which plays the driver:

    umockdev-wrapper /usr/bin/python3 fake_camera.py FRAMES

FRAMES is a folder of 2**BITS JPEGs of WIDTH x HEIGHT, the n-th in the order of their names being frame n. Time is the
test's: a frame comes when `tick` says so, or when the client waits for one. Commands are lines on standard input, and
each is answered by one line of JSON, the state:

    tick N        N frames pass; they fill the buffers that are queued, the rest is dropped, as a driver does
    rate N|0      N frames pass each second of the clock from now on, and who wants one waits for it; 0 ends this
    show FILE     from now on each frame is this JPEG, of whatever size, and a comment in it that no other frame has, as
                  the noise of a lens makes no two pictures alike; without FILE the numbered frames again
    freeze on|off the same frame again and again, to the byte
    tear on|off   a sixth of each JPEG is missing from its middle
    short on|off  each buffer holds half of what it should
    busy on|off   another program streams: EBUSY
    stall on|off  no frame comes, however long one waits
    error on|off  a stream error: EIO
    dark on|off   the lens is covered: every frame is number 0, black
    damage N      the next N frames hold half a picture
    forbid on|off the device file may be opened, or not
    unplug        the device goes away
    plug [N]      it is back, as /dev/videoN (0 or 2, as before where not said) with the same stable name
    mjpg on|off   whether it has MJPG besides YUYV
    state         nothing but the answer

One client has the stream, from its REQBUFS on until it gives the buffers back or goes; to others it is busy.
"""

import ctypes
import errno
import json
import mmap
import struct
import sys
import threading
import time
from pathlib import Path

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

WIDTH, HEIGHT = 640, 480
BITS = 8
NUMBERS = (0, 2)  # a USB camera has two nodes: the next one plugged in, or the same while the old is still open, is 2
BUFFER_BYTES = WIDTH * HEIGHT * 2
LEAST_BUFFERS = 2  # real drivers give two where one is asked for
RATES_FPS = (5, 15, 30)
MJPG, YUYV = (int.from_bytes(code, "little") for code in (b"MJPG", b"YUYV"))

# linux/videodev2.h: the number of each ioctl, and where its structure keeps what we fill in
QUERYCAP, G_FMT, S_FMT, REQBUFS, QUERYBUF, QBUF, DQBUF = 0, 4, 5, 8, 9, 15, 17
STREAMON, STREAMOFF, G_PARM, S_PARM, G_INPUT, TRY_FMT = 18, 19, 21, 22, 38, 64
CAPTURE = 1
CAPS_CAPTURE, CAPS_META = 0x04200001, 0x04A00000
CAPS_HAS_DEVICE_CAPS = 0x80000000

DEVICE = """\
P: /devices/pci0000:00/usb1/1-1/1-1:1.0/video4linux/video{n}
N: video{n}=00
E: DEVNAME=/dev/video{n}
E: SUBSYSTEM=video4linux
E: MAJOR=81
E: MINOR={n}
A: name={name}\\n
A: index={n}\\n

"""
NAME = "Fake UVC Cam: Integrated"


class FailedError(Exception):
    """What an ioctl answers."""


class Driver(UMockdev.IoctlBase):
    """/dev/video0 and /dev/video2, of which one is there. All state is touched in the main loop only."""

    def setup(self, node, pictures):
        self.node = node
        self.pictures = pictures
        self.busy = self.stalled = self.broken = self.gone = False
        self.damaged = 0
        self.torn = self.short = False
        self.shown = self.frozen = b""
        self.has_mjpg = True
        self.dark = False
        self.frame = -1
        self.rate_fps = 30
        self.format = YUYV
        self.clock = 0
        self.reset()

    def reset(self):
        self.owner = None
        self.buffers = 0
        self.streaming = False
        self.queued, self.full = [], []
        self.waiting = None  # who waits for a frame, with its structure

    def pace(self, rate):
        if self.clock:
            GLib.source_remove(self.clock)
        self.clock = GLib.timeout_add(round(1000 / rate), self.pass_frame) if rate else 0

    def pass_frame(self):
        if not (self.stalled or self.gone):
            self.tick()
        if self.waiting is not None and (self.full or not self.live()):
            waiting, self.waiting = self.waiting, None
            self.complete(*waiting)
        return True

    def live(self):
        return self.streaming and not (self.stalled or self.gone or self.broken)

    def tick(self):
        self.frame += 1
        if self.streaming and self.queued:
            index = self.queued.pop(0)
            picture = self.frozen or self.picture()
            self.memory[index * BUFFER_BYTES :][: len(picture)] = picture
            self.full.append((index, len(picture), self.frame))

    def picture(self):
        number = 0 if self.dark else self.frame % len(self.pictures)
        if self.format == YUYV:
            bars = (bytes((235 if number >> bit & 1 else 16, 128)) * (WIDTH // BITS) for bit in range(BITS))
            whole = b"".join(bars) * HEIGHT
            return whole[: len(whole) // 2] if self.short else whole
        if self.damaged:
            self.damaged -= 1
            return b"\0" * 100
        whole = self.pictures[number]
        if self.shown and not self.dark:
            comment = b"%012d" % self.frame
            whole = self.shown[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + self.shown[2:]
        if self.torn:
            third, sixth = len(whole) // 3, len(whole) // 6
            whole = whole[:third] + whole[third + sixth :]
        return whole[: len(whole) // 2] if self.short else whole

    def forget_the_dead(self):
        if self.owner is not None and not self.owner.get_connected():
            self.reset()

    def do_handle_ioctl(self, client):
        request = client.get_request()
        kind, number, size = chr((request >> 8) & 255), request & 255, (request >> 16) & 0x3FFF
        if kind != "V":
            return False
        try:
            argument = client.get_arg().resolve(0, size)
        except GLib.GError:  # it was killed while it asked
            return False
        data = bytearray(bytes(argument.retrieve())[:size])
        if self.clock and number == DQBUF and self.live() and not self.full:
            self.waiting = client, number, argument, data
        else:
            self.complete(client, number, argument, data)
        return True

    def complete(self, client, number, argument, data):
        try:
            self.answer(client, number, data)
            argument.update(0, bytes(data))
            client.complete(0, 0)
        except FailedError as failed:
            client.complete(-1, failed.args[0])

    def answer(self, client, number, data):
        if self.gone:
            raise FailedError(errno.ENODEV)
        self.forget_the_dead()
        taken = self.busy or self.owner not in (None, client)
        if taken and number in (S_FMT, REQBUFS, STREAMON):
            raise FailedError(errno.EBUSY)
        if number == QUERYCAP:
            fields = (b"uvcvideo", NAME.encode()[:31], b"usb-0000:00-1", 0x60100)
            struct.pack_into("16s32s32sIII", data, 0, *fields, CAPS_HAS_DEVICE_CAPS | CAPS_META | 1, CAPS_CAPTURE)
        elif number in (G_FMT, S_FMT, TRY_FMT):
            self.negotiate(number, data)
        elif number in (G_PARM, S_PARM):
            self.negotiate_rate(number, data)
        elif number == REQBUFS:
            count = struct.unpack_from("I", data)[0]
            self.reset()
            self.owner = client if count else None
            self.buffers = max(count, LEAST_BUFFERS) if count else 0
            struct.pack_into("I", data, 0, self.buffers)
        elif number == QUERYBUF:
            index = struct.unpack_from("I", data)[0]
            struct.pack_into("I", data, 60, 1)
            struct.pack_into("I", data, 64, index * BUFFER_BYTES)
            struct.pack_into("I", data, 72, BUFFER_BYTES)
        elif number == QBUF:
            if self.broken:  # as the kernel does; OpenCV asks again without end while EIO comes from DQBUF alone
                raise FailedError(errno.EIO)
            self.queued.append(struct.unpack_from("I", data)[0])
        elif number == DQBUF:
            self.hand_out(data)
        elif number == STREAMON:
            self.streaming = True
        elif number == STREAMOFF:
            self.streaming = False
            self.queued, self.full = [], []
        elif number != G_INPUT:
            raise FailedError(errno.EINVAL)

    def negotiate(self, number, data):
        if struct.unpack_from("I", data)[0] != CAPTURE:
            raise FailedError(errno.EINVAL)
        wanted = struct.unpack_from("III", data, 8)[2]
        granted = self.format
        if number != G_FMT:
            granted = MJPG if wanted == MJPG and self.has_mjpg else YUYV
        if number == S_FMT:
            self.format = granted
        struct.pack_into("IIIIIIII", data, 8, WIDTH, HEIGHT, granted, 1, WIDTH * 2, BUFFER_BYTES, 8, 0)

    def negotiate_rate(self, number, data):
        if number == S_PARM:
            over, per = struct.unpack_from("II", data, 12)
            wanted = per / over if over else 30
            self.rate_fps = min(RATES_FPS, key=lambda rate: abs(rate - wanted))
        struct.pack_into("IIII", data, 4, 0x1000, 0, 1, self.rate_fps)

    def hand_out(self, data):
        if self.broken:
            raise FailedError(errno.EIO)
        if not self.full:
            if self.stalled or self.clock or not self.queued:
                # The kernel would let select() wait; here the client asks again, and gives up after some times.
                raise FailedError(errno.EAGAIN)
            self.tick()
        index, length, frame = self.full.pop(0)
        now = time.monotonic()
        struct.pack_into("I", data, 0, index)
        struct.pack_into("I", data, 8, length)
        struct.pack_into("qq", data, 24, int(now), int(now % 1 * 1e6))
        struct.pack_into("I", data, 56, frame)
        struct.pack_into("I", data, 72, BUFFER_BYTES)

    def state(self):
        self.forget_the_dead()
        return {
            "frame": self.frame,
            "format": self.format.to_bytes(4, "little").decode(),
            "fps": self.rate_fps,
            "buffers": self.buffers,
            "streaming": self.streaming,
        }


def mapped(file, size):
    """A file as memory. Python's own mmap keeps the file open: the driver would count as one who uses the camera."""
    library = ctypes.CDLL(None, use_errno=True)
    library.mmap.restype = ctypes.c_void_p
    library.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
    at = library.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_SHARED, file, 0)
    return memoryview((ctypes.c_char * size).from_address(at)).cast("B")


def main():
    pictures = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    testbed = UMockdev.Testbed.new()
    root = Path(testbed.get_root_dir())
    by_id = root / "dev/v4l/by-id/usb-Fake_UVC_Cam-video-index0"
    by_id.parent.mkdir(parents=True)
    driver = Driver()
    for number in NUMBERS:
        testbed.add_from_string(DEVICE.format(n=number, name=NAME))
        testbed.attach_ioctl(f"/dev/video{number}", driver)
    nodes = {number: (root / f"dev/video{number}").resolve() for number in NUMBERS}
    memories = {}
    sysfs = {number: root / f"sys/class/video4linux/video{number}" for number in NUMBERS}
    sysfs_to = {number: entry.readlink() for number, entry in sysfs.items()}
    driver.setup(nodes[0], pictures)
    loop = GLib.MainLoop()

    def unplug(number):
        driver.gone = True
        nodes[number].rename(away(number))
        sysfs[number].unlink()

    def plug(number):
        driver.reset()
        driver.node, driver.memory = nodes[number], memories[number]
        driver.gone = False
        away(number).rename(nodes[number])
        sysfs[number].symlink_to(sysfs_to[number])
        by_id.unlink(missing_ok=True)
        by_id.symlink_to(f"../../video{number}")

    def away(number):
        return nodes[number].with_name(f"video{number}.unplugged")

    for number in NUMBERS:
        with nodes[number].open("w+b") as file:
            file.truncate(4 * BUFFER_BYTES)
            memories[number] = mapped(file.fileno(), 4 * BUFFER_BYTES)
        unplug(number)
    plug(0)
    plugged = [0]

    def obey(line):
        command, _, value = line.strip().partition(" ")
        if command == "tick":
            for _ in range(int(value)):
                driver.tick()
        elif command == "busy":
            driver.busy = value == "on"
        elif command == "stall":
            driver.stalled = value == "on"
        elif command == "dark":
            driver.dark = value == "on"
        elif command == "rate":
            driver.pace(float(value))
        elif command == "show":
            driver.shown = Path(value).read_bytes() if value else b""
        elif command == "freeze":
            driver.frozen = driver.picture() if value == "on" else b""
        elif command == "tear":
            driver.torn = value == "on"
        elif command == "short":
            driver.short = value == "on"
        elif command == "mjpg":
            driver.has_mjpg = value == "on"
        elif command == "error":
            driver.broken = value == "on"
        elif command == "damage":
            driver.damaged = int(value)
        elif command == "forbid":
            driver.node.chmod(0 if value == "on" else 0o666)
        elif command == "unplug":
            unplug(plugged[0])
        elif command == "plug":
            plugged[0] = int(value or plugged[0])
            plug(plugged[0])
        elif command != "state":
            raise SystemExit(f"unknown command {line!r}")
        print(json.dumps(driver.state()), flush=True)
        return False

    def listen():
        for line in sys.stdin:
            GLib.idle_add(obey, line)
        GLib.idle_add(loop.quit)

    print(json.dumps({"root": str(root), "node": str(nodes[0])}), flush=True)
    threading.Thread(target=listen, daemon=True).start()
    loop.run()


main()
