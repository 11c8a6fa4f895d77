from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/", views.flow, name="flow"),
    path("<slug:slug>/<slug:step>/", views.step, name="step"),
    path("<slug:slug>/<slug:step>/calendar.ics", views.step_calendar, name="step_calendar"),
]
