"""Requests that were sent before are found by their mailbox and their numbers, too."""

from django.db import migrations

KEYS = ("order-number", "serial-number")


def fill(apps, schema_editor):
    ContactRequest = apps.get_model("contact", "ContactRequest")
    GivenNumber = apps.get_model("contact", "GivenNumber")
    for request in ContactRequest.objects.filter(mailbox="").iterator():
        local, _at, domain = request.email.lower().rpartition("@")
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            pass
        ContactRequest.objects.filter(pk=request.pk).update(mailbox=f"{local.partition('+')[0] or local}@{domain}")
        for detail in request.details:
            number = "".join(letter for letter in detail["value"].upper() if letter.isalnum())
            has_digit = any(letter.isdigit() for letter in number)
            is_number = has_digit and len(detail["value"].split()) <= 3 and 5 <= len(number) <= 40
            if detail["key"] in KEYS and is_number:
                GivenNumber.objects.get_or_create(request=request, key=detail["key"], value=number)


class Migration(migrations.Migration):
    dependencies = [("contact", "0011_same_thing")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
