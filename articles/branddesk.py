"""The page of the desk on which the brand is set: shown in both schemes before it is saved, seen at once after."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image as Picture

from . import brandviews, colours, trail, unsaved
from .brand import ONLY, Brand
from .languages import languages
from .pictures import redraw
from .writing import SEEN, keep_typed

LOGO_HEIGHT, LOGO_WIDTH = 40, 240  # pixels of CSS at most
MOST_LINKS = 8
LABEL = "label_"
SCHEMES = ("http", "https", "mailto", "tel")
NO_PICTURE = gettext_lazy(
    "This is not a picture in PNG, JPEG or WebP. An SVG may carry scripts, so it is not taken here: the operator "
    "can put one at static/brand/logo.svg."
)


class BrandForm(forms.ModelForm):
    logo_file = forms.FileField(
        label=gettext_lazy("logo"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, best 80 pixels high. It is drawn anew in the two sizes needed."
        ),
    )
    without_logo = forms.BooleanField(label=gettext_lazy("without this logo"), required=False)
    offered = forms.MultipleChoiceField(
        label=gettext_lazy("Languages on offer"),
        choices=languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Pages of a language that is not on offer lead to another one. Nothing of it is deleted."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Brand
        fields = ["name", "accent", "support_email", "phone", "postal_address"]
        widgets = {"postal_address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"offered": self.instance.languages, SEEN: _mark(self.instance)})
        for name, default in {"name": settings.HELPCENTER_NAME, "support_email": settings.SUPPORT_EMAIL}.items():
            self.fields[name].widget.attrs["placeholder"] = default  # what holds while it is empty

    def clean_name(self) -> str:
        """One line: it begins lines of mails, and could else write others below itself."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_accent(self) -> str:
        """As people write it: #0A5A4A, 0a5a4a."""
        typed = self.cleaned_data["accent"].strip().lower()
        typed = typed if not typed or typed.startswith("#") else f"#{typed}"
        if typed and not colours.HEX.match(typed):
            raise ValidationError(_("Write six digits after #, as #0a5a4a."))
        return str(typed)

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and (not re.fullmatch(r"[+\d][\d\s()./-]*", phone) or sum(map(str.isdecimal, phone)) < 3):
            raise ValidationError(_("Write a telephone number: digits and spaces, with + in front."))
        return str(phone)

    def clean_logo_file(self) -> ContentFile | None:
        given = self.cleaned_data["logo_file"]
        return _drawn(given) if given else None

    def clean_offered(self) -> list[str]:
        if not self.cleaned_data["offered"]:
            raise ValidationError(_("Leave at least one language on offer."))
        return list(self.cleaned_data["offered"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get(SEEN) != _mark(self.instance):
            posted: Any = self.data
            self.data = posted.copy()
            self.data[SEEN] = _mark(self.instance)  # type: ignore[index]  # now it has been seen
            self.add_error(
                None,
                _("Somebody else has saved this meanwhile. Yours is still here: look, then save again."),
            )
        return cleaned

    def save(self, commit: bool = True) -> Brand:
        brand: Brand = super().save(commit=False)
        offered = self.cleaned_data["offered"]
        brand.languages_off = [code for code, _name in languages() if code not in offered]
        if self.cleaned_data["without_logo"]:
            brand.logo = brand.logo_large = ""
        if picture := self.cleaned_data["logo_file"]:
            store_logo(brand, picture)
        brand.save()
        return brand


class LinkForm(forms.Form):
    """A link of the footer: words in each language, and where it leads."""

    address = forms.CharField(label=gettext_lazy("address"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            f"{LABEL}{code}": forms.CharField(label=capfirst(name), max_length=60, required=False)
            for code, name in languages()
        }
        self.fields = labels | self.fields

    @property
    def label(self) -> dict[str, str]:
        found = {code: self.cleaned_data.get(f"{LABEL}{code}", "").strip() for code, _name in languages()}
        return {code: words for code, words in found.items() if words}

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if address and not is_safe(address):
            raise ValidationError(_("Write an address that begins with https://, http://, mailto:, tel: or /."))
        return str(address)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "address" in cleaned and bool(cleaned["address"]) != bool(self.label):
            raise ValidationError(_("Give a link both words and an address, or leave both empty."))
        return cleaned


LinkFormSet = formset_factory(LinkForm, extra=2, max_num=MOST_LINKS, absolute_max=MOST_LINKS)


def is_safe(address: str) -> bool:
    """Whether it leads to a page, a mailbox or a telephone, and runs nothing."""
    if re.search(r"[\s\\\x00-\x20\x7f]", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    if parts.scheme in SCHEMES:
        return bool(parts.path)
    return not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")


def _drawn(upload: UploadedFile) -> ContentFile:
    """The picture's pixels alone; ValidationError with a sentence that says what to do."""
    try:
        picture = redraw(upload)
    except ValidationError as error:
        raise ValidationError(NO_PICTURE) from error
    if str(picture.name).endswith(".gif"):
        raise ValidationError(NO_PICTURE)
    return picture


def store_logo(brand: Brand, picture: ContentFile) -> None:
    """The brand has the logo, in one size for screens of one pixel and one for those of two."""
    with Picture.open(picture) as opened:
        drawn = opened.convert("RGBA")
    share = min(1.0, LOGO_HEIGHT * 2 / drawn.height, LOGO_WIDTH * 2 / drawn.width)
    large = drawn.resize((max(1, round(drawn.width * share)), max(1, round(drawn.height * share))))
    brand.logo_width, brand.logo_height = (max(1, round(size / 2)) for size in large.size)
    brand.logo_large = _store(large)
    brand.logo = _store(large.resize((brand.logo_width, brand.logo_height)))


def _store(picture: Any) -> str:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    name = f"{hashlib.sha256(written.getvalue()).hexdigest()}.png"
    if not default_storage.exists(f"{brandviews.FOLDER}/{name}"):
        default_storage.save(f"{brandviews.FOLDER}/{name}", ContentFile(written.getvalue()))
    return name


def facts(accent: str) -> str:
    """How well the accent can be read, in sentences."""
    said = []
    for scheme, words in (("light", _("On a light page")), ("dark", _("On a dark page"))):
        made = colours.palette(accent, scheme)
        least = min(colours.contrast(made.link, ground) for ground in colours.GROUNDS[scheme])
        change = _("as it is") if made.link == accent else _("made %(link)s") % {"link": made.link}
        said.append(
            _("%(page)s: words on buttons %(button)s to 1, links %(link)s to 1 or more (%(change)s).")
            % {
                "page": words,
                "button": number_format(colours.contrast(made.on_accent, made.accent), 1),
                "link": number_format(least, 1),
                "change": change,
            }
        )
    return " ".join(said)


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):
    """One page for the one row; there is nothing to list, to add or to delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Brand | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        facts_of = path("contrast/", self.admin_site.admin_view(self.contrast), name="articles_brand_contrast")
        return [facts_of, *super().get_urls()]

    def contrast(self, request: HttpRequest) -> HttpResponse:
        """How well a colour can be read, while it is being chosen."""
        accent = request.GET.get("accent", "").lower()
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not colours.HEX.match(accent):
            raise Http404
        return HttpResponse(facts(accent), content_type="text/plain; charset=utf-8")

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.changelist_view(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        brand = Brand.objects.filter(pk=ONLY).first() or Brand()
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            form, links = BrandForm(request.POST, request.FILES, instance=brand), _links(request.POST)
            is_valid = form.is_valid() & links.is_valid()
            if is_valid and "show" not in request.POST:
                return self._save(request, form, links)
            if not is_valid:
                keep_typed(request, request.path)
            return self._page(request, form, links)
        kept = unsaved.kept_at(request.user, request.path) if "recover" in request.GET else None
        if kept:
            typed = QueryDict(mutable=True)
            for name, values in kept.fields.items():
                typed.setlist(name, values)
            return self._page(request, BrandForm(typed, instance=brand), _links(typed))
        return self._page(request, BrandForm(instance=brand), _links_of(brand))

    def _save(self, request: HttpRequest, form: BrandForm, links: BaseFormSet) -> HttpResponse:
        filled = [link for link in links.forms if link.cleaned_data.get("address")]
        form.instance.footer_links = [
            {"label": link.label, "address": link.cleaned_data["address"]} for link in filled
        ]
        brand = form.save()
        trail.record(brand, trail.What.CHANGED, request.user, words=", ".join(form.changed_data))
        unsaved.drop(request.user, request.path)
        messages.success(request, _("Saved. Readers see it now."))
        return redirect(brand.work_url)

    def _page(self, request: HttpRequest, form: BrandForm, links: BaseFormSet) -> HttpResponse:
        typed = str(form["accent"].value() or "").strip().lower()
        typed = typed if typed.startswith("#") else f"#{typed}"
        accent = typed if colours.HEX.match(typed) else ""
        context = self.admin_site.each_context(request) | {
            "title": _("Brand"),
            "opts": self.opts,
            "form": form,
            "links": links,
            "accent": accent,
            "facts": facts(accent) if accent else "",
            "known": Brand.objects.filter(pk=ONLY).first() or Brand(),
            "may_change": self.has_change_permission(request),
        }
        return render(request, "admin/articles/brand.html", context)


def _mark(brand: Brand) -> str:
    """When the row was saved last; nothing where there is none yet."""
    return brand.changed_at.isoformat() if brand.pk else ""


def _links(posted: Any) -> BaseFormSet:
    return LinkFormSet(posted, prefix="links")


def _links_of(brand: Brand) -> BaseFormSet:
    initial = [
        {f"{LABEL}{code}": words for code, words in link["label"].items()} | {"address": link["address"]}
        for link in brand.footer_links
    ]
    return LinkFormSet(initial=initial, prefix="links")
