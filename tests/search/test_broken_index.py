import gc
import logging
import os
import resource
import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client

from articles.models import Translation
from search import search_indexes, worker
from search.generation import forget
from tests.factories import both, make_flow, make_translation

from .steps import folder, page, run_worker, suggestions, titles

pytestmark = [
    pytest.mark.django_db,
    # Whoosh leaves files open where it fails; a worker's garbage collection closes them.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _files_of_whoosh_are_closed(empty_place_for_the_index):
    yield
    gc.collect()


NOTICE = "Search is catching up"


def files(suffix):
    found = list((folder() / "current").glob(f"*{suffix}"))
    assert found, f"there is no file {suffix} to damage"
    return found


def contents():
    return {path: path.read_bytes() for path in folder().rglob("*") if path.is_file()}


def delete_all():
    shutil.rmtree(folder())


def unlink_current():
    (folder() / "current").unlink()


def truncate(suffix):
    def damage():
        for path in files(suffix):
            os.truncate(path, path.stat().st_size // 2)

    return damage


def zero(suffix):
    def damage():
        for path in files(suffix):
            path.write_bytes(bytes(path.stat().st_size))

    return damage


def garbage(suffix):
    def damage():
        for path in files(suffix):
            path.write_bytes(b"\xff\x00garbage" * 500)

    return damage


def remove(suffix):
    def damage():
        for path in files(suffix):
            path.unlink()

    return damage


def unreadable(suffix):
    """A folder in its place: reading fails, as without permission, which the superuser always has."""

    def damage():
        for path in files(suffix):
            path.unlink()
            path.mkdir()

    return damage


def copy_without_links():
    """As a backup that was made without links comes back."""
    copied = shutil.copytree(folder() / "current", folder() / "copied")
    unlink_current()
    copied.rename(folder() / "current")
    files(".seg")[0].write_bytes(b"")


def leave_locks():
    """What a killed writer may leave: our lock without its holder, and Whoosh's in the folder."""
    folder().with_name(f"{folder().name}.lock").write_text("4711")
    (folder() / "current" / "MAIN_WRITELOCK").touch()


SUFFIXES = (".toc", ".seg", "contents.json", "state.json", "seen.json")
DAMAGES = [delete_all, unlink_current, copy_without_links, leave_locks] + [
    make(suffix) for make in (truncate, zero, garbage, remove, unreadable) for suffix in SUFFIXES
]
NAMES = ["deleted", "unlinked", "copied without links", "stale locks"] + [
    f"{how} {what}" for how in ("truncated", "zeroed", "garbage", "missing", "unreadable") for what in SUFFIXES
]


@pytest.mark.parametrize("is_opened", [True, False], ids=["opened before", "opened after"])
@pytest.mark.parametrize("damage", DAMAGES, ids=NAMES)
def test_a_damaged_index_never_breaks_a_page_and_heals(damage, is_opened, request, caplog):
    make_translation(title="Return a parcel", body="Words in the body.")
    run_worker()
    page("parcel")
    damage()
    if not is_opened:
        forget()
    assert titles("parcel") == suggestions("parcel") == ["Return a parcel"]
    told = page("parcel").count(NOTICE)
    # Who has it open may go on; what was seen last and who has the lock concerns writers alone.
    is_harmless = is_opened or "seen.json" in request.node.name or damage is leave_locks
    assert told == 1 or (told == 0 and is_harmless)
    caplog.clear()
    run_worker()
    assert titles("parcel") == titles("body") == ["Return a parcel"]
    assert NOTICE not in page("parcel")


def test_damage_that_breaks_no_question_yet_is_mended_too():
    make_translation(title="Return a parcel")
    run_worker()
    (path,) = files(".seg")
    damaged = bytearray(path.read_bytes())
    damaged[40] ^= 0xFF
    path.write_bytes(damaged)
    run_worker()
    assert not path.exists() or path.read_bytes() != damaged


def test_an_editor_saves_while_the_index_is_broken():
    make_translation(title="Return a parcel")
    run_worker()
    garbage(".toc")()
    translation = Translation.objects.get()
    translation.title = "Send a parcel back"
    translation.save()
    run_worker()
    assert titles("back") == ["Send a parcel back"]


def test_without_an_index_the_database_answers_and_says_so(caplog):
    make_translation(title="Return a parcel", keywords="send it back\nrefund")
    make_translation(language="es", title="Devolución de un paquete")
    make_flow("lost", title=both("Lost parcel"))
    assert titles("parcels refund") == ["Return a parcel", "Lost parcel (en)"]
    assert titles("devoluciones", "es") == ["Devolución de un paquete"]
    assert suggestions("ret") == ["Return a parcel"]
    assert NOTICE in page("parcel")


def test_without_an_index_hidden_texts_stay_hidden():
    make_translation(title="Canary", published=False)
    make_flow("lost", title=both("Canary"), published=False)
    assert titles("canary") == suggestions("canary") == []


def test_one_error_is_logged_and_not_the_question(caplog):
    with caplog.at_level(logging.DEBUG):
        for _reader in range(3):
            page("mysecretquestion")
            suggestions("mysecretquestion")
    errors = [record for record in caplog.records if record.name.startswith("search")]
    assert [record.levelname for record in errors] == ["ERROR"]
    assert "mysecretquestion" not in caplog.text


def test_nothing_is_logged_about_a_question_that_works(caplog):
    run_worker()
    with caplog.at_level(logging.DEBUG, logger="search"), caplog.at_level(logging.DEBUG, logger="haystack"):
        page("mysecretquestion")
    assert "mysecretquestion" not in caplog.text
    assert not [record for record in caplog.records if record.name.split(".")[0] in ("search", "haystack")]


def test_a_page_makes_no_index():
    make_translation(title="Return a parcel")
    page("parcel")
    suggestions("parcel")
    Client().get("/en/search/")
    assert not folder().parent.exists()


def test_a_page_changes_no_index():
    make_translation(title="Return a parcel")
    run_worker()
    before = contents()
    page("parcel")
    suggestions("parcel")
    assert contents() == before


def test_only_the_owner_may_enter_the_folder():
    old = os.umask(0o022)
    try:
        run_worker()
        assert folder().stat().st_mode & 0o777 == 0o700
        folder().chmod(0o755)
        make_translation()
        run_worker()
    finally:
        os.umask(old)
    assert folder().stat().st_mode & 0o777 == 0o700


def test_a_text_that_cannot_be_prepared_holds_up_no_other(monkeypatch, caplog):
    make_translation(title="Return a parcel", body="fine")
    broken = make_translation(title="Broken parcel", body="breaks")

    def own_words(body):
        if body == "breaks":
            raise ValueError("a bug")
        return body

    monkeypatch.setattr(search_indexes, "own_words", own_words)
    run_worker()
    assert titles("parcel") == ["Return a parcel"]
    assert f"articles.translation.{broken.pk} cannot be indexed" in caplog.text


@contextmanager
def full_disk():
    """Files end after 100 bytes, as on a disk with so much left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_the_index_stays_as_it_is_and_rests(caplog):
    make_translation(title="Return a parcel")
    run_worker()
    make_translation(title="Keep a parcel")
    before = contents()
    with full_disk():
        for _language in settings.SEARCH_ALIASES:
            with pytest.raises(OSError):
                worker.apply_changes()
        caplog.clear()
        for _round in range(3):
            worker.apply_changes()
            worker.compare()
    assert not caplog.records
    assert contents() == before
    assert titles("parcel") == ["Return a parcel"]
    worker._rests_until.clear()
    run_worker()
    assert sorted(titles("parcel")) == ["Keep a parcel", "Return a parcel"]
