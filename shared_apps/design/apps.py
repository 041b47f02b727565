"""The design system as a Django application: styles, scripts, fonts, icons and template tags, no tables."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Gives the application its short label."""

    name = "shared_apps.design"
    label = "design"
    verbose_name = "Design"
