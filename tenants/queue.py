"""The Celery application: where tasks are sent, and the class they all derive from."""

from celery import Celery

app = Celery("preau", task_cls="tenants.tasks:OrganisationTask", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
