"""The lifeline on Windows: a job object that takes its processes along when its owner ends."""

import ctypes
import subprocess
from typing import Any

_EXTENDED_LIMIT_INFORMATION = 9  # JobObjectExtendedLimitInformation
_KILL_ON_JOB_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class JobLifeline:
    def __init__(self) -> None:
        # Reached through Any because ctypes.windll exists on Windows alone.
        self._kernel: Any = vars(ctypes)["windll"].kernel32
        self._kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._job = ctypes.c_void_p(self._kernel.CreateJobObjectW(None, None))
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
        done = self._kernel.SetInformationJobObject(
            self._job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        if not done:
            raise OSError("Windows refused the job object that ends the parts with this process")

    def watch(self, process: "subprocess.Popen[bytes]") -> None:
        handle = ctypes.c_void_p(int(vars(process)["_handle"]))
        self._kernel.AssignProcessToJobObject(self._job, handle)

    def forget(self, process: "subprocess.Popen[bytes]") -> None:
        """A job lets go of an ended process by itself."""

    def close(self) -> None:
        self._kernel.CloseHandle(self._job)
