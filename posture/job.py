"""A job object of Windows around a child that sees pictures, see `posture.child`.

Windows then refuses it more memory and programs of its own, keeps it from other programs' windows, the clipboard and
the session, and ends it with the process that started it, however that ends.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import contextlib
import subprocess

import pywintypes
import win32job

from posture.process_memory import DATA_MB, MB

LIMITS = (
    win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
    | win32job.JOB_OBJECT_LIMIT_ACTIVE_PROCESS
    | win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
    | win32job.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
)
WINDOWS = (
    win32job.JOB_OBJECT_UILIMIT_HANDLES
    | win32job.JOB_OBJECT_UILIMIT_READCLIPBOARD
    | win32job.JOB_OBJECT_UILIMIT_WRITECLIPBOARD
    | win32job.JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS
    | win32job.JOB_OBJECT_UILIMIT_DISPLAYSETTINGS
    | win32job.JOB_OBJECT_UILIMIT_GLOBALATOMS
    | win32job.JOB_OBJECT_UILIMIT_DESKTOP
    | win32job.JOB_OBJECT_UILIMIT_EXITWINDOWS
)


class Job:
    """The job of one child, which ends with it.

    An OSError says that Windows refuses; the child must not be sent anything then.
    """

    def __init__(self, child: subprocess.Popen[bytes], programs: int = 1) -> None:
        try:
            self._job = win32job.CreateJobObject(None, "")
            limits = win32job.QueryInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation)
            limits["BasicLimitInformation"]["LimitFlags"] = LIMITS
            limits["BasicLimitInformation"]["ActiveProcessLimit"] = programs
            limits["ProcessMemoryLimit"] = DATA_MB * MB
            win32job.SetInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation, limits)
            with contextlib.suppress(pywintypes.error):  # a job around this process may have them already
                win32job.SetInformationJobObject(
                    self._job, win32job.JobObjectBasicUIRestrictions, {"UIRestrictionsClass": WINDOWS}
                )
            win32job.AssignProcessToJobObject(self._job, int(child._handle))  # type: ignore[attr-defined]
        except pywintypes.error as error:
            raise OSError(0, error.strerror, None, error.winerror) from None
