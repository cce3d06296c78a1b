"""Addresses of the desk of a ministry."""

from django.urls import path

from .views import boilerplates, bulk, filters, queue

app_name = "ministry"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("anliegen.csv", queue.queue_csv, name="queue_csv"),
    path("zuweisen/", bulk.assign, name="assign"),
    path("zuweisen/zuruecknehmen/", bulk.undo, name="undo"),
    path("frist/", bulk.extend, name="extend"),
    path("ansichten/", filters.filters, name="filters"),
    path("ansichten/speichern/", filters.save, name="save_filter"),
    path("ansichten/<int:number>/", filters.rename, name="rename_filter"),
    path("ansichten/<int:number>/zuerst/", filters.choose_first, name="choose_first_filter"),
    path("ansichten/<int:number>/loeschen/", filters.remove, name="remove_filter"),
    path("textbausteine/", boilerplates.boilerplates, name="boilerplates"),
    path("textbausteine/neu/", boilerplates.add, name="add_boilerplate"),
    path("textbausteine/<int:number>/", boilerplates.change, name="change_boilerplate"),
    path("textbausteine/<int:number>/loeschen/", boilerplates.remove, name="remove_boilerplate"),
]
