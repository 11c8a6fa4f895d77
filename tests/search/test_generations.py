"""An index is built beside the one that is asked, and takes its place at one moment."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.models import Translation
from search import generation
from search.engine import backend_of, find
from search.folder import Damaged
from tests.factories import make_translation

from .steps import folder, run_worker, titles

pytestmark = pytest.mark.django_db


def generations():
    return sorted(path.name for path in folder().iterdir() if path.name.isdecimal())


def test_the_current_generation_and_the_one_before_are_kept():
    for number in range(4):
        make_translation(title=f"Parcel {number}")
        run_worker()
    assert generations() == ["000003", "000004"]
    assert (folder() / "current").readlink().name == "000004"


def test_a_swap_is_noticed_by_who_has_the_old_one_open():
    make_translation(title="Parcel")
    run_worker()
    assert titles("parcel") == ["Parcel"]
    make_translation(title="Refund")
    call_command("rebuild_index", verbosity=0)
    assert titles("refund") == ["Refund"]


def test_a_question_reads_no_file_again_while_nothing_has_changed():
    make_translation(title="Parcel")
    run_worker()
    find("parcel", "en")
    opened = backend_of("en").generation()
    find("refund", "en")
    assert backend_of("en").generation() is opened


def test_who_began_reading_the_old_one_goes_on():
    make_translation(title="Parcel")
    run_worker()
    old = backend_of("en").generation()
    for number in range(3):
        make_translation(title=f"Parcel {number}")
        run_worker()
    assert old.stored(0)["id"].startswith("articles.translation.")
    assert old.frequencies("title", "parcel")


def test_who_reads_one_that_is_removed_meanwhile_reads_the_next(tmp_path):
    make_translation(title="Parcel")
    run_worker()
    now = (folder() / "current").resolve()
    later = shutil.copytree(now, folder() / "000009")
    os.mkfifo(now / "slow")  # reading waits here …
    (now / "contents.json").unlink()
    (now / "contents.json").write_text("what is left of it")
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(backend_of("en").folder.read)
        link = tmp_path / "link"
        link.symlink_to(later)
        with (now / "slow").open("w"):  # … until this, when another one has taken its place
            link.replace(folder() / "current")
        _identity, files = reading.result(20)
    assert files["contents.json"] == (later / "contents.json").read_bytes()


def test_half_a_note_of_what_was_seen_damages_nothing():
    make_translation(title="Parcel")
    run_worker()
    seen = folder() / "current" / "seen.json"
    seen.unlink()
    seen.mkdir()
    with pytest.raises(OSError):  # as if killed, or asked, between writing and renaming
        backend_of("en").folder.remember(7)
    assert backend_of("en").folder.is_sound


def test_reads_the_same_of_parts_with_removed_documents_as_of_one_built_anew():
    for number in range(300):  # more than one block of postings
        make_translation(title=f"Parcel {number % 7}", body="parcel " * (number % 5 + 1), keywords="refund")
    run_worker()
    for translation in Translation.objects.order_by("pk")[:3]:
        translation.title = "Lost parcel"
        translation.save()
        run_worker()
    Translation.objects.last().delete()
    make_translation(title="A single zebra")
    run_worker()
    assert None in backend_of("en").generation().documents

    def read():
        generation = backend_of("en").generation()
        return {
            (word, generation.documents[number].identifier): frequency
            for word in ("parcel", "refund", "lost", "zebra")
            for number, frequency in generation.frequencies("text", word).items()
            if generation.documents[number]
        }

    of_parts = read()
    call_command("rebuild_index", verbosity=0)
    assert of_parts == read()
    assert len(of_parts) > 600


def test_a_rebuild_that_came_out_short_changes_nothing():
    make_translation(title="Parcel")
    run_worker()
    before = generations(), (folder() / "current").readlink()
    backend = backend_of("en")
    document = next(backend.documents(backend.indexes()[1], backend.indexes()[1].index_queryset(using="default")))

    short = backend._writer(empty=True, added=["one", "two"])
    with pytest.raises(Damaged, match="2 documents were written"), short as writer:
        writer.add_document(**document)
    assert (generations(), (folder() / "current").readlink()) == before


def test_a_writer_that_fails_changes_nothing():
    make_translation(title="Parcel")
    run_worker()
    before = generations(), (folder() / "current").readlink()

    def broken():
        yield from ()
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        backend_of("en").rebuild(broken())
    assert (generations(), (folder() / "current").readlink()) == before
    assert titles("parcel") == ["Parcel"]


KILLED = """
import os, signal, sys
import django
django.setup()
from search.documents import document
from search.engine import Backend
backend = Backend("default", PATH=sys.argv[1], LANGUAGE="en")

def documents():
    for number in range(50):
        yield document({
            "id": f"a.b.{number}", "django_ct": "a.b", "django_id": str(number), "text": "", "title": "Zebra",
            "keywords": "", "summary": "", "shown": "words " * 500, "category": 0, "fingerprint": "",
        }, "en")
        if number == 40:
            print("half", flush=True)
            if sys.argv[2] == "killed":
                os.kill(os.getpid(), signal.SIGKILL)

backend.rebuild(documents())
"""


@pytest.mark.parametrize("how", ["killed", "finished"])
def test_a_killed_rebuild_changes_nothing(how, tmp_path):
    make_translation(title="Parcel")
    run_worker()
    before = generations()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(folder()), how],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    assert process.stdout == b"half\n", process.stderr.decode()
    if how == "finished":  # the control: left alone, it does take the place of the other one
        assert process.returncode == 0
        assert find("zebra", "en") and not find("parcel", "en")
        return
    assert process.returncode == -signal.SIGKILL
    assert titles("parcel") == ["Parcel"]
    assert len(generations()) == len(before) + 1  # what it left half made …
    make_translation(title="Refund")
    run_worker()
    assert len(generations()) == 2  # … is gone with the next write
    assert titles("refund") == ["Refund"]


def test_a_fresh_article_is_found_within_seconds_of_work():
    for number in range(50):
        make_translation(title=f"Parcel {number}", body="words " * 300)
    run_worker()
    generation.forget()
    titles("parcel")
    began = time.perf_counter()
    make_translation(title="Zebra")
    run_worker()
    assert titles("zebra") == ["Zebra"]
    assert time.perf_counter() - began < 5
