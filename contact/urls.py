from django.urls import path

from . import answerpages, callpages, views

urlpatterns = [
    path("", views.contact, name="contact"),
    path("from-search/", views.contact_from_search, name="contact_from_search"),
    path("details/", views.contact_details, name="contact_details"),
    path("save/", views.contact_save, name="contact_save"),
    path("discard/", views.contact_discard, name="contact_discard"),
    path("check/", views.contact_check, name="contact_check"),
    path("callback/", callpages.contact_callback, name="contact_callback"),
    path("suggestions/", answerpages.contact_suggestions, name="contact_suggestions"),
    path("solved/", answerpages.contact_solved, name="contact_solved"),
    path("requests/<str:signed>/callback/", callpages.contact_callback_change, name="contact_callback_change"),
    path("requests/<str:signed>/", views.contact_sent, name="contact_sent"),
]
