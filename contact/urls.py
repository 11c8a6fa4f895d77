from django.urls import path

from . import answerpages, callpages, file_views, views

urlpatterns = [
    path("", views.contact, name="contact"),
    path("from-search/", views.contact_from_search, name="contact_from_search"),
    path("details/", views.contact_details, name="contact_details"),
    path("save/", views.contact_save, name="contact_save"),
    path("discard/", views.contact_discard, name="contact_discard"),
    path("check/", views.contact_check, name="contact_check"),
    path("files/", file_views.contact_files, name="contact_files"),
    path("files/<uuid:pk>/", file_views.contact_file, name="contact_file"),
    path("callback/", callpages.contact_callback, name="contact_callback"),
    path("suggestions/", answerpages.contact_suggestions, name="contact_suggestions"),
    path("solved/", answerpages.contact_solved, name="contact_solved"),
    path("requests/<str:signed>/callback/", callpages.contact_callback_change, name="contact_callback_change"),
    path("requests/<str:signed>/", views.contact_sent, name="contact_sent"),
    path("requests/<str:signed>/files/<uuid:pk>/", file_views.contact_sent_file, name="contact_sent_file"),
    path("requests/<str:signed>/record.zip", views.contact_record, name="contact_record"),
]
