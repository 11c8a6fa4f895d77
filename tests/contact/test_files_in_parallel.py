"""Many uploads at the same time: never more files than a request takes, and none that is swept as it arrives."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from contact import files
from contact.attachment import Attachment
from contact.models import DraftRequest
from tests.contact.server import ready_drafts, web_server
from tests.contact.uploads import OwnStorage, file
from tests.factories import make_topic


class ParallelTests(TransactionTestCase):
    def test_twelve_at_once_are_five_files(self):
        [draft] = ready_drafts(1, make_topic())
        with web_server(workers=2) as server, ThreadPoolExecutor(12) as pool:
            uploads = [pool.submit(server.upload, draft, f"{n}.txt", f"This is {n}") for n in range(12)]
            statuses = [upload.result(60).status for upload in uploads]
            assert set(statuses) <= {200, 503} and statuses.count(200) >= settings.FILES
            kept = Attachment.objects.filter(draft=draft.pk)
            assert kept.count() == settings.FILES
            for attachment in kept:
                assert Path(server.place, "attachments", attachment.path).exists()


class SweptMeanwhileTests(OwnStorage, TransactionTestCase):
    """The sweep looks at the very moment between the bytes and their row, with no mercy for the young."""

    def test_what_is_swept_before_its_row_is_stored_once_more(self):
        draft = DraftRequest.objects.create(language="en")
        sweeping = Sweeping(self.folder / "attachments")
        with connection.execute_wrapper(sweeping):
            attachment = files.take(draft, file("log.txt", b"All is well"))
        assert sweeping.swept == 1
        with attachment.open() as opened:
            assert opened.read() == b"All is well"


class Sweeping:
    """Removes what lies there when the transaction begins that makes the row."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.swept = 0

    def __call__(self, execute, sql, params, many, context):
        if not self.swept and "contact_attachment" in sql and "sha256" in sql and "WHERE" in sql:
            for path in [path for path in self.folder.rglob("*") if path.is_file()]:
                path.unlink()
                self.swept += 1
        return execute(sql, params, many, context)
