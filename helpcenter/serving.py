"""Several commands as one: they start together and none outlives the others."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

GRACE = 30.0  # seconds to finish what is under way


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """All have ended: on SIGINT, SIGTERM or SIGHUP with 0, else with the code of the first that ended by itself.

    SIGHUP is the terminal being closed, unless somebody (nohup) has it ignored.
    """
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    heard = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heard.append(signal.SIGHUP)
    for number in heard:
        signal.signal(number, stop)
    # Sessions of their own: Ctrl-C reaches us alone, and we pass it on once.
    running = [subprocess.Popen(command, start_new_session=True) for command in commands]  # noqa: S603
    while not stopping and all(process.poll() is None for process in running):
        time.sleep(0.1)
    ended = next((process.returncode for process in running if process.returncode is not None), 0)
    _end(running)
    return 0 if stopping else ended or 1


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
