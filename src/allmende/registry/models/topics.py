"""Topic areas: what a concern is about, and for what a member lets somebody answer for it."""

from django.db import models


class Topic(models.TextChoices):
    """Fields of municipal work; each concern belongs to one."""

    FINANCE = "finanzen", "Finanzen und Förderung"
    ADMINISTRATION = "verwaltung", "Verwaltung, Recht und Personal"
    DIGITAL = "digitales", "Digitales"
    DEMOCRACY = "demokratie", "Ehrenamt, Demokratie und Schutz im Amt"
    SECURITY = "sicherheit", "Sicherheit und Bevölkerungsschutz"
    MIGRATION = "migration", "Migration und Integration"
    SOCIAL = "soziales", "Soziales, Kinder und Jugend"
    EDUCATION = "bildung", "Bildung, Kultur und Sport"
    HEALTH = "gesundheit", "Gesundheit und Pflege"
    HOUSING = "bauen", "Bauen, Wohnen und Planung"
    CLIMATE = "klima", "Klima, Energie und Umwelt"
    TRAFFIC = "verkehr", "Verkehr und Mobilität"
    ECONOMY = "wirtschaft", "Wirtschaft und Landwirtschaft"
    EQUALITY = "lebensverhaeltnisse", "Gleichwertige Lebensverhältnisse"
