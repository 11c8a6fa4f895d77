"""Makes the help center's own desk Django's admin."""

from django.contrib.admin.apps import AdminConfig


class HelpCenterAdminConfig(AdminConfig):
    default_site = "helpcenter.desk.HelpCenterAdmin"
