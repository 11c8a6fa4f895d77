"""The staff's desk: Django's admin under the help center's name."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class HelpCenterAdminConfig(AdminConfig):
    default_site = "helpcenter.admin_site.HelpCenterAdmin"


class HelpCenterAdmin(AdminSite):
    site_header = _("Help Center")
    site_title = _("Help Center")
    index_title = _("Desk")
    site_url = "/"
