"""Each mandate so far was for a region: its organisation is made, and what it allowed stays."""

from typing import Any

from django.db import migrations
from django.utils.text import slugify

FOLLOWED = {0: None, 1: "land", 3: "kreis", 4: "verband", 5: "gemeinde"}


def give_organisations(apps: Any, schema_editor: Any) -> None:
    Mandate = apps.get_model("registry", "Mandate")
    Organisation = apps.get_model("registry", "Organisation")
    for mandate in Mandate.objects.select_related("region").iterator():
        region = mandate.region
        organisation, _ = Organisation.objects.get_or_create(
            region=region,
            defaults={
                "kind": FOLLOWED[region.level],
                "name": region.name,
                "slug": f"{slugify(region.name.split(',')[0])[:60]}-{region.ags or region.ars}",
                "search_key": region.search_key,
                "is_example": region.invented,
            },
        )
        mandate.organisation = organisation
        # Until now everybody with a mandate could do all of this.
        mandate.may_contribute = mandate.may_vote = True
        mandate.may_release = mandate.office == "mayor"
        mandate.save()


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_organisations")]
    operations = [migrations.RunPython(give_organisations, migrations.RunPython.noop)]
