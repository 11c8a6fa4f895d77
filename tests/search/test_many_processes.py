"""Q4, short: processes write an index while others ask it, and one is killed in the middle of a rebuild."""

import shutil
import tempfile
import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import TransactionTestCase

from search.engine import backend_of
from tests.contact.workers import wait_until
from tests.factories import make_article, make_category, make_translation

from .processes import EDITED, TITLE, processes
from .steps import titles

TEXTS = 60
WORDS = 300  # of each, so that writing an index takes a while


class ManyProcessesTests(TransactionTestCase):
    seconds = 3.0
    searching = ["asks"] * 2
    indexing = ["worker", "edits"]
    kills = 1

    def setUp(self):
        category = make_category()
        make_translation(make_article(category=category), title=TITLE, body="Print the label.")
        for number in range(TEXTS):
            words = " ".join(f"word{number + count}" for count in range(WORDS))
            make_translation(make_article(category=category), slug=f"{EDITED}-{number}", body=f"{words} parcel")
        call_command("rebuild_index", verbosity=0)
        self.folder = backend_of("en").folder
        self.place = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)

    def test_no_question_fails_or_finds_nothing(self):
        began = self.folder.current.resolve().name
        with processes(self.place, *self.searching, *self.indexing, "rebuilds") as running:
            for _kill in range(self.kills):
                self.kill_in_the_middle(running)
                running.start("rebuilds")
                time.sleep(self.seconds / self.kills)
            said = running.finish()
        made = int(self.folder.current.resolve().name) - int(began)
        print(f"Q4: {made} generations, {self.kills} rebuilds killed with -9 half way; {dict(said)}")  # noqa: T201
        assert (said["failed"], said["empty"], said["from_the_database"]) == (0, 0, 0), running.errors
        assert running.errors == ""
        assert said["asked"] > len(self.searching) and said["rebuilt"] and said["edited"] and made > self.kills
        call_command("update_index", verbosity=0)
        call_command("check_search", stdout=StringIO())
        assert TITLE in titles("parcel")

    def kill_in_the_middle(self, running):
        _deed, process = running.running[-1]
        wait_until(lambda: self.is_half_made_by(process.pid))
        running.kill(process)

    def is_half_made_by(self, pid):
        """Whether the process holds the lock of the index, and a generation is not complete."""
        lock = self.folder.path.with_name(f"{self.folder.path.name}.lock")
        held = f" FLOCK  ADVISORY  WRITE {pid} "
        inode = f":{lock.stat().st_ino} "
        is_held = any(held in line and inode in line for line in Path("/proc/locks").read_text().splitlines())
        return is_held and any(
            path.name.isdecimal() and not (path / "state.json").exists() for path in self.folder.path.iterdir()
        )


class ControlTests(ManyProcessesTests):
    """What the others would notice."""

    test_no_question_fails_or_finds_nothing = None

    def ask_beside(self, deed):
        with processes(self.place, *self.searching, deed) as running:
            time.sleep(self.seconds / 2)
            return running.finish()

    def test_an_index_rebuilt_in_place_finds_nothing_at_times(self):
        assert self.ask_beside("rebuilds_in_place")["empty"]

    def test_without_generations_the_database_answers_at_times(self):
        assert self.ask_beside("rebuilds_where_it_is_read")["from_the_database"]
