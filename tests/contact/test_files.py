"""Files on a request: taken, kept through every error, removed, limited, moved with the request, and swept."""

import os
import stat
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from contact import drafts, files
from contact.attachment import Attachment
from contact.facts import named_files
from contact.models import ContactRequest, DraftRequest, LaterVersion
from flows.models import Detail, TopicDetail
from tests.contact.customer import choose_topic, fill_in, press_send, the_draft, typed
from tests.contact.uploads import OwnStorage, file, pdf, picture, stored, upload
from tests.factories import both, make_staff, make_topic

DETAILS = "/en/contact/details/"


class WithTopic(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def names(self):
        return [each.name for each in the_draft().files]

    def press(self, *uploads, button="upload", **more):
        """A button beside the files without a script: the whole form goes along."""
        fields = typed(self.topic, **more) | {button: more.pop(button, "1"), "files": list(uploads)}
        return self.client.post(DETAILS, fields)


class TakenTests(WithTopic):
    def test_the_script_gets_the_list_with_what_is_there(self):
        page = upload(self.client, file("photo.jpg"), file("bill.pdf", pdf()), file("log.txt", b"All is well"))
        self.assertContains(page, "photo.jpg")
        assert self.names() == ["photo.jpg", "bill.pdf", "log.txt"]
        assert [each.kind for each in the_draft().files] == ["image/jpeg", "application/pdf", "text/plain"]
        assert len(stored()) == 3

    def test_without_a_script_a_button_sends_the_form_and_keeps_what_was_typed(self):
        response = self.press(file("photo.jpg"), message="Typed", email="ana@")
        assert response["Location"] == f"{DETAILS}#id_files"
        page = self.client.get(DETAILS)
        for words in ("photo.jpg", "Typed", 'value="ana@"'):
            self.assertContains(page, words)
        self.assertNotContains(page, "There is a problem")

    def test_continue_takes_files_too(self):
        response = self.press(file("photo.jpg"), button="continue")
        assert response["Location"] == "/en/contact/check/"
        self.assertContains(self.client.get("/en/contact/check/"), "photo.jpg")

    def test_a_file_can_be_removed_with_and_without_a_script(self):
        upload(self.client, file("one.jpg"), file("two.txt", b"two"))
        [one, two] = the_draft().files
        page = upload(self.client, remove=str(one.pk))
        self.assertNotContains(page, "one.jpg")
        self.press(button="remove", remove=str(two.pk), message="Typed")
        assert self.names() == []
        assert the_draft().message == "Typed"

    def test_the_same_file_twice_is_there_once(self):
        upload(self.client, file("one.jpg"))
        upload(self.client, file("again.jpg"))
        assert self.names() == ["one.jpg"]

    def test_nobody_removes_what_is_not_theirs(self):
        upload(self.client, file())
        stranger = Client()
        choose_topic(stranger, self.topic)
        for pk in (str(the_file().pk), "x", "", "0" * 32):
            assert upload(stranger, remove=pk).status_code == 200
        assert Attachment.objects.count() == 1

    def test_a_page_that_is_not_known_any_more_begins_a_draft_with_the_file(self):
        page = self.client.get(DETAILS)
        DraftRequest.objects.all().delete()
        given = {"started": page.context["started"], "draft": page.context["draft"].token}
        answer = self.client.post("/en/contact/files/", given | {"topic": self.topic.key, "files": file()})
        self.assertContains(answer, f'data-token="{the_draft().token}"')
        assert self.names() == ["photo.jpg"]

    def test_half_typed_text_saved_meanwhile_is_not_overwritten(self):
        self.client.post("/en/contact/save/", typed(self.topic, message="Half a sent"))
        upload(self.client, file())
        assert the_draft().message == "Half a sent"

    def test_switching_the_language_takes_the_files_along(self):
        response = self.press(file(), button="language", language="es")
        assert response["Location"] == "/es/contact/details/"
        self.assertContains(self.client.get("/es/contact/details/"), "photo.jpg")


def the_file():
    return Attachment.objects.get()


class NamesTests(WithTopic):
    GIVEN = {
        "x" * 300 + ".jpg": f"{'x' * 68}…xxxxxxx.jpg",
        "a\u202egpj.exe": "agpj.exe.jpg",
        "../../etc/passwd": "passwd.jpg",
        "C:\\temp\\foto.PNG": "foto.jpg",
        "IMG_1.HEIC": "IMG_1.jpg",
        "a\u200b\u2066b\u0007.jpg": "ab.jpg",
        "cafe\u0301.JPEG": "café.JPEG",
        'nombre "raro": <b>?.jpg': "nombre -raro-- -b--.jpg",
        "....": "file.jpg",
        "virus.bat": "virus.bat.jpg",
        "日本 の 写真.jpg": "日本 の 写真.jpg",
    }

    def test_a_name_is_readable_and_says_what_the_file_is(self):
        for given, shown in self.GIVEN.items():
            Attachment.objects.all().delete()
            files.take(the_draft(), file(given))
            assert self.names() == [shown], given

    def test_no_name_reaches_the_disk(self):
        files.take(the_draft(), file("../../x.jpg"))
        [path] = [path for path in (self.folder / "attachments").rglob("*") if path.is_file()]
        assert path.name == the_file().sha256
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for folder in (path.parent, path.parent.parent, self.folder / "incoming"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        places = [settings.STATIC_ROOT, settings.MEDIA_ROOT, settings.BASE_DIR / "static"]
        assert not any(path.is_relative_to(place) for place in places)


class RefusedTests(WithTopic):
    REFUSED = {
        "empty.jpg": (b"", "is empty"),
        "a.png": (b"<html><script>hit()</script>", "of a kind that we cannot take"),
        "word.docm": (b"PK\x03\x04" + bytes(99), "of a kind that we cannot take"),
        "half.jpg": (picture("JPEG")[:200], "seems to be damaged"),
        "large.txt": (b"x" * (10 * 1024 * 1024 + 1), "is larger than 10\xa0MB"),
    }

    def test_each_is_one_sentence_that_names_it_and_says_what_to_do(self):
        for name, (content, words) in self.REFUSED.items():
            page = upload(self.client, file(name, content))
            self.assertContains(page, f"“{name}”", count=1)
            self.assertContains(page, words, count=1)
        assert Attachment.objects.count() == 0 and stored() == {}

    def test_without_a_script_it_is_said_at_the_top_and_at_the_field_with_all_that_was_typed(self):
        good, bad = file("good.jpg"), file("bad.png", b"<svg/>")
        response = self.press(bad, good, button="continue", message="Kept")
        assert response["Location"] == f"{DETAILS}?check=1"
        for page in (self.client.get(response["Location"]), self.client.get(DETAILS)):
            self.assertContains(page, "“bad.png” is of a kind", count=2)
            self.assertContains(page, "<title>Error: ", html=False)
            for words in ("good.jpg", "Kept", 'href="#id_files"'):
                self.assertContains(page, words)
        assert self.press(button="continue")["Location"] == "/en/contact/check/"

    def test_a_sixth_file_and_more_than_25_megabytes_are_refused_and_the_others_kept(self):
        upload(self.client, *(file(f"{number}.txt", bytes(str(number), "ascii")) for number in range(4)))
        page = upload(self.client, file("4.txt", b"4"), file("5.txt", b"5"))
        self.assertContains(page, "“5.txt” is one too many: a request takes at most 5.")
        assert len(self.names()) == 5

    @override_settings(FILES_SIZE=1000)
    def test_together_they_have_a_limit(self):
        upload(self.client, file("one.txt", b"x" * 600))
        page = upload(self.client, file("two.txt", b"y" * 600))
        self.assertContains(page, "With “two.txt” your files are larger than 1000\xa0bytes.")
        assert self.names() == ["one.txt"]

    def test_what_is_too_much_is_not_stored_on_its_way_in(self):
        large = [file(f"{number}.txt", b"x" * (6 * 1024 * 1024)) for number in range(7)]
        page = upload(self.client, *large)
        for number in (4, 5, 6):
            self.assertContains(page, f"“{number}.txt”")
        assert len(self.names()) == 1  # all have the same bytes

    @override_settings(FILES_SIZE=100_000)
    def test_nobody_reads_on_for_ever(self):
        page = self.client.post(DETAILS, typed(self.topic) | {"files": file("film.txt", b"x" * 500_000)})
        assert page.status_code == 413
        self.assertContains(page, "Go on where you stopped", status_code=413)

    @override_settings(REQUESTS_PER_NETWORK=1, FILES=2)
    def test_one_network_cannot_fill_the_disk(self):
        for number in range(3):
            client = Client(REMOTE_ADDR="203.0.113.7")
            choose_topic(client, self.topic)
            page = upload(client, file(f"{number}.txt", bytes(str(number), "ascii")))
        self.assertContains(page, "too many files have come from your network")
        assert Attachment.objects.count() == 2

    def test_many_parts_are_answered_with_a_page(self):
        """U3: 5,000 parts."""
        began = time.process_time()
        page = self.client.post(DETAILS, {"files": [file(f"{n}.txt", b"x") for n in range(5000)]})
        assert page.status_code == 413
        page = self.client.post(DETAILS, {f"field-{n}": "x" for n in range(5000)})
        assert page.status_code == 413
        assert time.process_time() - began < 3  # making the forms included

    def test_a_required_photo_is_asked_for_and_an_optional_one_is_not(self):
        detail = Detail.objects.create(
            key="photo", label=both("Photo of it"), hint=both("All of it"), kind="photos"
        )
        wanted = TopicDetail.objects.create(topic=self.topic, detail=detail)
        page = fill_in(self.client, self.topic)
        self.assertContains(page, "“Photo of it (en)” is missing.", count=2)
        self.assertContains(page, "1 of 2 details ready")
        assert self.client.get("/en/contact/check/")["Location"] == DETAILS
        upload(self.client, file())
        self.assertContains(self.client.get(DETAILS), "2 of 2 details ready")
        assert fill_in(self.client, self.topic)["Location"] == "/en/contact/check/"
        Attachment.objects.all().delete()
        wanted.is_required = False
        wanted.save()
        assert fill_in(self.client, self.topic)["Location"] == "/en/contact/check/"
        self.assertContains(self.client.get(DETAILS), "All of it (en)")


class KeptTests(WithTopic):
    """D7: whatever goes wrong, the files that were accepted are there."""

    def setUp(self):
        super().setUp()
        upload(self.client, file("kept.jpg"))

    def assert_kept(self, page):
        self.assertContains(page, "kept.jpg", status_code=page.status_code)

    def test_after_an_error_a_reload_and_back(self):
        self.assert_kept(fill_in(self.client, self.topic, email="ana@"))
        self.assert_kept(self.client.get(DETAILS))
        fill_in(self.client, self.topic)
        self.assert_kept(self.client.get("/en/contact/check/"))
        self.assert_kept(self.client.get(DETAILS))

    def test_after_another_topic(self):
        choose_topic(self.client, make_topic(key="other"))
        self.assert_kept(self.client.get(DETAILS))

    def test_after_a_refused_file_and_one_that_is_much_too_large(self):
        self.assert_kept(upload(self.client, file("bad.png", b"<svg/>")))
        assert self.client.post(DETAILS, {"message": "x" * 3_000_000}).status_code == 413
        self.assert_kept(self.client.get(DETAILS))

    def test_after_a_csrf_failure_which_says_what_to_choose_again(self):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["draft"] = the_draft().token
        page = strict.post(DETAILS, typed(self.topic, message="Typed") | {"files": file("new.jpg")})
        self.assert_kept(page)
        self.assertContains(page, "“new.jpg” has not arrived. Please choose it again.", status_code=403, count=2)
        self.assertContains(page, "Typed", status_code=403)
        assert self.names() == ["kept.jpg"]

    def test_a_strangers_form_plants_no_file(self):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["draft"] = the_draft().token
        assert strict.post("/en/contact/files/", {"files": file("planted.jpg")}).status_code == 403
        assert self.names() == ["kept.jpg"]

    def test_on_an_expired_page_the_new_file_is_kept_and_goes_on(self):
        token = the_draft().token
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(hours=24, seconds=1))
        answer = fill_in(self.client, self.topic, draft=token, files=file("slow.txt", b"slow"))
        assert answer["Location"] == "/en/contact/check/"
        self.assertContains(self.client.get("/en/contact/check/"), "slow.txt")

    def test_a_trapped_form_says_what_to_choose_again(self):
        page = fill_in(self.client, self.topic, subject="x", files=file("new.jpg"))
        self.assertContains(page, "“new.jpg” has not arrived", status_code=429, count=2)
        self.assert_kept(page)

    def test_a_file_alone_is_worth_going_on_with(self):
        self.assertContains(self.client.get("/en/contact/"), "Go on where you stopped")


class SentTests(WithTopic):
    def setUp(self):
        super().setUp()
        upload(self.client, file("photo.jpg"))
        fill_in(self.client, self.topic)

    def test_the_rows_move_and_a_replay_changes_nothing(self):
        receipt = press_send(self.client)["Location"]
        sent = ContactRequest.objects.get()
        assert [each.name for each in sent.attachments.all()] == ["photo.jpg"]
        assert not the_draft().attachments.exists()
        assert self.client.get("/en/contact/check/")["Location"] == receipt
        self.assertContains(self.client.get(receipt), f"{receipt}files/{the_file().pk}/")

    def test_one_added_afterwards_is_a_later_version_and_a_sent_one_stays(self):
        page = self.client.get("/en/contact/check/")
        press_send(self.client)
        sent = the_file()
        self.client.post("/en/contact/files/", {"remove": str(sent.pk)})
        self.client.post("/en/contact/files/", {"topic": self.topic.key, "files": file("more.txt", b"more")})
        self.assertContains(self.client.get("/en/contact/check/"), "You have already sent this")
        hidden = {"draft": page.context["draft"].token, "shown": the_draft().digest}
        assert self.client.post("/en/contact/check/", hidden).status_code == 302
        assert ContactRequest.objects.get().attachments.count() == 2
        assert "more.txt" in str(LaterVersion.objects.get().content)

    def test_one_added_afterwards_is_nobodys_until_it_is_sent_again(self):
        receipt = press_send(self.client)["Location"]
        self.client.post("/en/contact/files/", {"topic": self.topic.key, "files": file("more.txt", b"more")})
        agent = self.client_class()
        agent.force_login(make_staff("agent"))
        sent = ContactRequest.objects.get()
        desk = f"/admin/contact/contactrequest/{sent.pk}/change/"
        for page in (agent.get(desk), self.client.get(receipt)):
            self.assertContains(page, "photo.jpg")
            self.assertNotContains(page, "more.txt")
        assert [each["name"] for each in named_files(sent)] == ["photo.jpg"]
        self.assertContains(self.client.get("/en/contact/check/"), "more.txt")
        press_send(self.client)
        for page in (agent.get(desk), self.client.get(receipt)):
            self.assertContains(page, "more.txt")

    def test_one_added_while_the_check_page_is_open_is_shown_before_it_is_sent(self):
        page = self.client.get("/en/contact/check/")
        hidden = {"draft": page.context["draft"].token, "shown": page.context["shown"]}
        upload(self.client, file("late.txt", b"late"))
        page = self.client.post("/en/contact/check/", hidden)
        self.assertContains(page, "late.txt")
        assert not ContactRequest.objects.exists()

    def test_files_of_a_request_outlive_its_draft(self):
        press_send(self.client)
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(days=2))
        drafts.forget_old()
        old_and_swept()
        assert len(stored()) == 1
        with the_file().open() as opened:
            assert opened.read(2) == b"\xff\xd8"


def old_and_swept():
    """Everything in the storage is an hour old, and the worker looks."""
    for name in stored():
        path = storages["attachments"].path(f"{name[:2]}/{name}")
        os.utime(path, (time.time() - 3600,) * 2)
    cache.delete("contact.files.sweep")
    files.sweep()


class SweptTests(WithTopic):
    def test_files_of_a_draft_go_with_it(self):
        upload(self.client, file())
        old_and_swept()
        assert len(stored()) == 1
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(days=2))
        drafts.forget_old()
        old_and_swept()
        assert stored() == {} and not Attachment.objects.exists()

    def test_what_was_deleted_by_its_owner_goes_too_but_not_what_another_sent_as_well(self):
        upload(self.client, file())
        other = Client()
        choose_topic(other, self.topic)
        upload(other, file())
        self.client.post("/en/contact/discard/")
        old_and_swept()
        assert len(stored()) == 1

    def test_what_was_cut_off_goes_and_what_is_young_stays(self):
        upload(self.client, file())
        [name] = stored()
        half = self.folder / "attachments" / name[:2] / "tmp12345"
        half.write_bytes(b"half")
        Attachment.objects.all().delete()
        files.sweep()
        assert half.exists()
        os.utime(half, (time.time() - 3600,) * 2)
        cache.clear()
        files.sweep()
        assert not half.exists() and len(stored()) == 1

    def test_without_any_storage_yet_there_is_nothing_to_do(self):
        files.sweep()
