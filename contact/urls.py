from django.urls import path

from . import answerpages, callpages, checkpage, detailspage, draftacts, file_views, sentpages, topicpage

urlpatterns = [
    path("", topicpage.contact, name="contact"),
    path("from-search/", topicpage.contact_from_search, name="contact_from_search"),
    path("details/", detailspage.contact_details, name="contact_details"),
    path("save/", draftacts.contact_save, name="contact_save"),
    path("discard/", draftacts.contact_discard, name="contact_discard"),
    path("check/", checkpage.contact_check, name="contact_check"),
    path("files/", file_views.contact_files, name="contact_files"),
    path("files/<uuid:pk>/", file_views.contact_file, name="contact_file"),
    path("callback/", callpages.contact_callback, name="contact_callback"),
    path("suggestions/", answerpages.contact_suggestions, name="contact_suggestions"),
    path("solved/", answerpages.contact_solved, name="contact_solved"),
    path("requests/<str:signed>/callback/", callpages.contact_callback_change, name="contact_callback_change"),
    path("requests/<str:signed>/", sentpages.contact_sent, name="contact_sent"),
    path("requests/<str:signed>/files/<uuid:pk>/", file_views.contact_sent_file, name="contact_sent_file"),
    path("requests/<str:signed>/record.zip", sentpages.contact_record, name="contact_record"),
]
