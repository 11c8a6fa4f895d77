from django.urls import path

from . import views, votepages

urlpatterns = [
    path("categories/<slug:slug>/", views.category, name="category"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/vote/", votepages.vote, name="vote"),
    path("preview/articles/<str:signed>/", views.preview, name="preview_article"),
]
