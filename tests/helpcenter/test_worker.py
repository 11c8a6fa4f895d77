"""The worker's rounds: a duty that fails holds up no other, and does not fill the log."""

import logging

import pytest
from django.db import OperationalError

from helpcenter import worker

ROUNDS = 50


errors: list[Exception] = []  # what the first duty fails with, if with anything
done: list[bool] = []


def fail() -> float:
    if errors:
        raise errors[-1]
    return 7.0


def work() -> None:
    done.append(True)


@pytest.fixture(autouse=True)
def duties(settings):
    settings.WORKER_DUTIES = [f"{__name__}.fail", f"{__name__}.work"]
    errors[:], done[:] = [OperationalError("the server is away")], []
    worker._reported_at.clear()
    yield
    worker._reported_at.clear()


def reports(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record for record in caplog.records if record.levelno == logging.ERROR]
    return [record.exc_info[0].__name__ for record in found if record.exc_info and record.exc_info[0]]


def test_a_duty_that_fails_holds_up_no_other_and_is_due_again_soon():
    assert worker.work_once() == worker.PAUSE
    assert done == [True]


def test_the_same_failure_is_reported_once_a_minute(caplog, monkeypatch):
    for _round in range(ROUNDS):
        worker.work_once()
    assert reports(caplog) == ["OperationalError"]
    monkeypatch.setattr(worker, "REPORT_EVERY", 0.0)
    worker.work_once()
    assert reports(caplog) == ["OperationalError"] * 2


def test_another_failure_is_reported_at_once(caplog):
    worker.work_once()
    errors.append(ValueError("odd"))
    worker.work_once()
    assert reports(caplog) == ["OperationalError", "ValueError"]
    errors.clear()
    assert worker.work_once() == 7.0
