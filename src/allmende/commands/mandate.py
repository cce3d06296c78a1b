"""``allmende mandate`` and ``allmende operator``: who may speak for whom, and who runs this."""

from datetime import datetime
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.registry.models import Organisation, Region

OFFICES = {
    "buergermeister": "mayor",
    "landrat": "district_head",
    "verbandsleitung": "union_head",
    "rat": "council",
    "verwaltung": "administration",
    "leitung": "leadership",
    "referat": "desk",
    "vorstand": "board",
    "geschaeftsstelle": "secretariat",
    "mitglied": "member",
}


@click.command()
@click.argument("email", metavar="E-MAIL")
@click.argument("key", metavar="AGS|ORGANISATION")
@click.option("--name", help="Name der Person, wenn sie noch kein Konto hat.")
@click.option(
    "--office",
    type=click.Choice(list(OFFICES)),
    default="verwaltung",
    show_default=True,
    help="In welchem Amt sie spricht.",
)
@click.option(
    "--until",
    type=click.DateTime(["%d.%m.%Y", "%Y-%m-%d"]),
    metavar="DATUM",
    help="Letzter Tag, zum Beispiel 31.12.2030.",
)
@click.option(
    "--manage", is_flag=True, help="Sie darf auch die Menschen der Organisation verwalten."
)
@click.option("--end", is_flag=True, help="Beendet das Mandat, statt eines zu geben.")
def mandate(
    *,
    email: str,
    key: str,
    name: str | None,
    office: str,
    until: datetime | None,
    manage: bool,
    end: bool,
) -> None:
    """Gibt einer Person das Mandat, für eine Kommune oder Organisation zu sprechen, oder beendet es.

    Eine Kommune wird mit ihrem achtstelligen AGS genannt, eine andere Organisation mit der Kurzform
    aus der Adresse ihrer Seite.

    \b
    Beispiele:
        allmende mandate maria@lindenfurt.example 09574132 --name "Maria Muster" --office buergermeister
        allmende mandate maria@lindenfurt.example 09574132 --end
        allmende mandate ina@verband.example staedtebund --office geschaeftsstelle --manage
    """
    django.setup()
    from django.utils import timezone

    from allmende.audit.services import audited
    from allmende.registry.models import Mandate, Office, Right, usual_rights
    from allmende.registry.services import MandateError, end_mandate, grant_mandate

    organisation = _organisation(key)
    today = timezone.localdate()
    last_day = until.date() if until else None
    chosen = Office(OFFICES[office])
    if end:
        # In whatever office: whoever ends a mandate wants the person to speak no longer.
        found = Mandate.objects.current().filter(
            user__email__iexact=email, organisation=organisation
        )
        if not found:
            raise click.UsageError(f"{email} hat kein Mandat für {organisation}.")
        try:
            with audited():
                for each in found:
                    end_mandate(actor=None, mandate=each, until=last_day or today)
        except MandateError as error:
            raise click.UsageError(str(error)) from None
        click.echo(
            f"Das Mandat von {email} für {organisation} endet am {last_day or today:%d.%m.%Y}."
        )
        return
    try:
        with audited():
            user = _person(email, name)
            grant_mandate(
                actor=None,
                user=user,
                organisation=organisation,
                office=chosen,
                rights=usual_rights(chosen) | ({Right.MANAGE} if manage else frozenset()),
                since=today,
                until=last_day,
            )
    except MandateError as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"{user} ({user.email}) spricht ab heute für {organisation}.")


@click.command()
@click.argument("email", metavar="E-MAIL")
@click.option("--name", help="Name der Person, wenn sie noch kein Konto hat.")
@click.option("--end", is_flag=True, help="Entlässt die Person wieder aus dem Betrieb.")
def operator(*, email: str, name: str | None, end: bool) -> None:
    """Nimmt eine Person in den Betrieb dieser Installation auf, oder entlässt sie.

    Der Betrieb pflegt die Seiten der Plattform: Organisationen, Briefe mit Code, Meldungen, Protokoll.

    \b
    Beispiele:
        allmende operator betrieb@example.org --name "Betrieb"
        allmende operator betrieb@example.org --end
    """
    django.setup()
    from allmende.accounts.models import User
    from allmende.accounts.services import end_operator, make_operator

    if end:
        found = User.objects.filter(email__iexact=email, is_operator=True).first()
        if found is None:
            raise click.UsageError(f"{email} gehört nicht zum Betrieb.")
        end_operator(user=found)
        click.echo(f"{found} ({found.email}) gehört nicht mehr zum Betrieb.")
        return
    user = make_operator(user=_person(email, name))
    click.echo(f"{user} ({user.email}) gehört jetzt zum Betrieb.")
    if not user.has_second_factor:
        click.echo("Das gilt erst, wenn sie einen zweiten Faktor eingerichtet hat.")


def _organisation(key: str) -> "Organisation":
    from allmende.registry.models import Organisation
    from allmende.registry.services import organisation_of

    if key.isdigit():
        return organisation_of(_municipality(key))
    organisation = Organisation.objects.current().filter(slug=key).first()
    if organisation is None:
        raise click.UsageError(
            f"Es gibt keine Organisation mit der Kurzform „{key}“. Sie ist der letzte Teil der Adresse "
            "ihrer Seite."
        )
    return organisation


def _municipality(key: str) -> "Region":
    from allmende.registry.models import Level, Region

    region = Region.objects.current().filter(level=Level.GEMEINDE, ags=key).first()
    if region is None:
        raise click.UsageError(
            f"Es gibt keine Gemeinde mit dem Schlüssel „{key}“. Nötig ist der achtstellige AGS; "
            "das Verzeichnis auf der Webseite nennt ihn."
        )
    return region


def _person(email: str, name: str | None) -> "User":
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from allmende.accounts.models import User
    from allmende.accounts.queries import never_confirmed
    from allmende.accounts.services import invite_person

    # Whoever has begun an account with this address may be somebody else.
    user = User.objects.filter(email__iexact=email).exclude(pk__in=never_confirmed()).first()
    if user is not None:
        return user
    try:
        validate_email(email)
    except ValidationError:
        raise click.UsageError(f"„{email}“ ist keine E-Mail-Adresse.") from None
    if not name:
        raise click.UsageError(f"{email} hat noch kein Konto. Nennen Sie den Namen mit --name.")
    click.echo("Ein Konto ist angelegt; das Passwort setzt die Person über „Passwort vergessen“.")
    return invite_person(email=email, name=name)
