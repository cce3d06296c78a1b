"""Filters for the pages of one's account."""

from django import template

from ..browsers import family

register = template.Library()
register.filter("browser", family)
