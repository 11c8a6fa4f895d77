from django.urls import path

from . import views

urlpatterns = [
    path("resolve/<slug:slug>/", views.flow, name="flow"),
    path("resolve/<slug:slug>/<slug:step>/", views.step, name="step"),
    path("resolve/<slug:slug>/<slug:step>/calendar.ics", views.step_calendar, name="step_calendar"),
    path("preview/flows/<str:signed>/", views.preview, name="preview_flow"),
    path("preview/flows/<str:signed>/<slug:step>/", views.preview_step, name="preview_step"),
]
