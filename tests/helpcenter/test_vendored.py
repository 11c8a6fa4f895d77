"""What others wrote and we serve is what its package holds, under its licence."""

import hashlib
import json

from django.conf import settings
from django.test import SimpleTestCase

VENDOR = settings.BASE_DIR / "static" / "vendor"


class VendoredTests(SimpleTestCase):
    def setUp(self):
        self.listed = {row["file"]: row for row in json.loads((VENDOR / "manifest.json").read_text())}

    def test_every_file_is_listed_with_the_hash_it_has(self):
        files = {path for path in VENDOR.rglob("*") if path.is_file()} - {VENDOR / "manifest.json"}
        assert {str(path.relative_to(VENDOR)) for path in files} == self.listed.keys()
        for name, row in self.listed.items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == row["sha256"], name

    def test_every_package_has_its_licence_and_its_version(self):
        for name, row in self.listed.items():
            assert (VENDOR / name).with_name("LICENSE.txt").is_file()
            assert row["package"] and row["version"] and row["licence"]
