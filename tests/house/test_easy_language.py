"""Leichte Sprache: the essential pages have it whole, and in short sentences."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .messages import (
    APPS,
    EASY,
    SOURCE,
    Text,
    entries_of,
    python_files,
    templates,
    texts_in_python,
    texts_in_template,
)

# What somebody needs to find a concern, to vote, and to read what came of it; docs/reference/languages.md.
ESSENTIAL = {
    "portal": (
        "portal/base.html",
        "portal/_errors.html",
        "portal/_field.html",
        "portal/_pages.html",
        "portal/forbidden.html",
        "portal/form_address.html",
        "portal/not_found.html",
        "portal/report.html",
        "portal/_block.html",
        "portal/_due.html",
        "portal/_task.html",
        "portal/overview.html",
        "portal/start.html",
        "portal/tasks.html",
    ),
    "mail": ("mail/message.txt", "mail/digest.txt"),
    "accounts": (
        "429.html",
        "account/login.html",
        "accounts/_passkeys.html",
        "accounts/account.html",
        "accounts/language.html",
        "mfa/authenticate.html",
        "socialaccount/snippets/provider_list.html",
    ),
    "forum": (
        "forum/concerns.html",
        "forum/concern.html",
        "forum/_head.html",
        "forum/_merged.html",
        "forum/_ministry_line.html",
        "forum/_quorum.html",
        "forum/_stand.html",
        "forum/_way.html",
        "forum/vote.html",
        "forum/_statement.html",
        "forum/_summary.html",
        "forum/_support_line.html",
        "forum/_position_line.html",
        "forum/_answer_line.html",
        "forum/_answer_late.html",
        "forum/_federal_answer.html",
    ),
}
ESSENTIAL_MODULES = {"forum": ("queries/way.py",)}
# Of these the easy words say the same wherever they stand. What says something else elsewhere needs
# ``pgettext``, or no easy words.
SAME_EVERYWHERE = {
    "Abgeschlossen", "Anzeigen", "Aussage", "Aussagen", "Beantwortet", "Beispieldaten",
    "Benachrichtigungen", "Diskussion", "Einwilligungen", "Entwurf", "Frist", "Hintergrund",
    "Kommunen", "Mitzeichnen", "Mitzeichnung", "Pfad", "Sitzungen", "Sortierung", "Themenfeld",
    "Verlauf", "Verzeichnis", "Webhooks", "Zusagen", "abgeschlossen", "Übergehe",
}  # fmt: skip
MOST_WORDS = 15
PIECE = re.compile(r"<[^>]+>|%\(\w+\)s")
GENITIVE = re.compile(r"\b(?:des|eines|deren|dessen|wegen)\b")


@pytest.mark.parametrize(
    ("app", "name"), [(app, name) for app, names in ESSENTIAL.items() for name in names]
)
def test_essential_pages_are_whole(app: str, name: str) -> None:
    texts = texts_in_template((SOURCE / app / "templates" / name).read_text())
    known = {entry.msgid for each in APPS for entry in entries_of(each, EASY)}
    assert sorted({text.one for text in texts} - known) == []


@pytest.mark.parametrize(
    ("app", "name"), [(app, name) for app, names in ESSENTIAL_MODULES.items() for name in names]
)
def test_so_are_the_modules_whose_words_they_show(app: str, name: str) -> None:
    texts = texts_in_python((SOURCE / app / name).read_text())
    known = {entry.msgid for each in APPS for entry in entries_of(each, EASY)}
    assert sorted({text.one for text in texts} - known) == []


@pytest.mark.parametrize("app", APPS)
def test_sentences_are_short_and_plain(app: str) -> None:
    hard = [
        sentence
        for entry in entries_of(app, EASY)
        for said in entry.msgstr_plural.values() or [entry.msgstr]
        for sentence in re.split(r"[.!?:]\s", PIECE.sub("x", said))
        if len(sentence.split()) > MOST_WORDS or GENITIVE.search(sentence)
    ]
    assert hard == []


def test_a_word_that_stands_elsewhere_too_means_the_same_there() -> None:
    """All texts „Stand“ share their easy words, those about mails and letters, too."""
    elsewhere = {
        text.one
        for app in APPS
        for path, texts in _files_of(app)
        if path not in _essential_files()
        for text in texts
        if not text.about
    }
    changed = {
        entry.msgid
        for app in APPS
        for entry in entries_of(app, EASY)
        if not entry.msgctxt
        and " " not in entry.msgid
        and entry.msgid.lower() != entry.msgstr.replace("·", "").lower()
    }
    assert changed & elsewhere == SAME_EVERYWHERE


def _essential_files() -> set[Path]:
    pages = {
        SOURCE / app / "templates" / name for app, names in ESSENTIAL.items() for name in names
    }
    return pages | {
        SOURCE / app / name for app, names in ESSENTIAL_MODULES.items() for name in names
    }


def _files_of(app: str) -> Iterator[tuple[Path, Iterator[Text]]]:
    """Each file of an app and what it says."""
    for path in python_files(app):
        yield path, texts_in_python(path.read_text())
    for path in templates(app):
        yield path, texts_in_template(path.read_text())
