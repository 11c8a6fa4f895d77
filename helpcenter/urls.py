"""Addresses: reading pages per language; images, the admin and robots.txt without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from articles import brandviews
from articles import urls as article_urls
from articles.views import image
from contact import urls as contact_urls
from flows import urls as flow_urls
from helpcenter import views
from search import urls as search_urls

urlpatterns = [
    path("admin/", admin.site.urls),
    path("images/<str:file_name>", image, name="image"),
    re_path(
        r"^brand/(?P<accent>[0-9a-f]{6})-(?P<digest>[0-9a-f]{10})\.css$",
        brandviews.stylesheet,
        name="brand_stylesheet",
    ),
    re_path(r"^brand/sample-(?P<accent>[0-9a-f]{6})\.css$", brandviews.sample, name="brand_sample"),
    path("brand/<str:file_name>", brandviews.logo, name="brand_logo"),
    path("robots.txt", views.robots, name="robots"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include(article_urls)),
        path("", include(flow_urls)),
        path("search/", include(search_urls)),
        path("contact/", include(contact_urls)),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
    ),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
