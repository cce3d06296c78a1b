"""Topic areas: what a concern is about, and for what a member lets somebody answer for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """Fields of municipal work; each concern belongs to one."""

    FINANCE = "finanzen", _("Finanzen und Förderung")
    ADMINISTRATION = "verwaltung", _("Verwaltung, Recht und Personal")
    DIGITAL = "digitales", _("Digitales")
    DEMOCRACY = "demokratie", _("Ehrenamt, Demokratie und Schutz im Amt")
    SECURITY = "sicherheit", _("Sicherheit und Bevölkerungsschutz")
    MIGRATION = "migration", _("Migration und Integration")
    SOCIAL = "soziales", _("Soziales, Kinder und Jugend")
    EDUCATION = "bildung", _("Bildung, Kultur und Sport")
    HEALTH = "gesundheit", _("Gesundheit und Pflege")
    HOUSING = "bauen", _("Bauen, Wohnen und Planung")
    CLIMATE = "klima", _("Klima, Energie und Umwelt")
    TRAFFIC = "verkehr", _("Verkehr und Mobilität")
    ECONOMY = "wirtschaft", _("Wirtschaft und Landwirtschaft")
    EQUALITY = "lebensverhaeltnisse", _("Gleichwertige Lebensverhältnisse")
