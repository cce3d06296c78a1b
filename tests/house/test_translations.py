"""Every text that people read has its English words, and nothing is said past the catalogues.

``make messages`` renews the catalogues; then the empty ``msgstr`` in them wait for words.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.conftest import ROOT

from .messages import (
    APPS,
    EASY,
    ENGLISH,
    GETTEXT,
    NGETTEXT,
    PGETTEXT,
    entries_of,
    python_files,
    templates,
    text_of,
    texts_of,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|{\w*}")
LETTERS = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
# Read aloud or shown; a button's value is what it sends.
ATTRIBUTES = {"title", "aria-label", "aria-description", "placeholder", "alt", "label"}
# The same in every language.
NAMES = {
    "Allmende", "CSV", "Parquet", "JSON", "PDF", "DOCX", "HTML", "KERN", "OParl", "TXT", "URL", "API", "Atom",
    "Content", "Security", "Policy", "Typ", "DCAT", "AP", "OpenAPI",
}  # fmt: skip
# Filters whose arguments are words or German forms of them.
WORDS_IN_FILTERS = re.compile(
    r"""\|(?:pluralize|yesno|default|default_if_none|join|add)(?::["'][^"']*[A-Za-zÄÖÜäöüß][^"']*["'])"""
    r"""|\|pluralize(?!:)|\|(?:date|time):["'](?=[^"']*(?:F|\. ?[nm]))[^"'_]*["']"""
)
# Kinds of alerts and buttons in such filters.
NO_WORDS = {"|default:'info'", "|default:'submit'"}
GERMAN = re.compile("[äöüßÄÖÜ„“…]|^j\\. F")
# Columns of files keep their names: programs look for them. What is compared with a file is German, too.
COLUMNS = {"HEADER", "WRITTEN", "WRITTEN_OUT"}
# Documents of record are German; what an operator reads at the command line is, too; the example data
# are texts that people write.
GERMAN_FILES = re.compile(
    r"/demo(/|\.py$)|/management/commands/"
    r"|/audit/chain\.py$|/registry/services/(letters|registers)\.py$|/forum/services/imports\.py$"
    # How languages write days, and which legal pages there are in which language.
    r"|/portal/(languages/|legal\.py$)"
)
# Kept in the database, where a text has one language.
KEPT = {"Gelöschtes Konto"}
# What the audit log calls a thing is kept there, too.
NAMES_IN_THE_LOG = {"__str__", "audit_name"}


@pytest.mark.parametrize("app", APPS)
def test_everything_has_english_words(app: str) -> None:
    entries = entries_of(app, ENGLISH)
    assert sorted(map(text_of, entries)) == texts_of(app)
    assert [each.msgid for each in entries if each.fuzzy or not each.translated()] == []


@pytest.mark.parametrize("app", APPS)
def test_easy_words_are_for_texts_that_are_there(app: str) -> None:
    entries = entries_of(app, EASY)
    assert set(map(text_of, entries)) - set(texts_of(app)) == set()
    assert [each.msgid for each in entries if each.fuzzy or not each.translated()] == []


@pytest.mark.parametrize("language", [ENGLISH, EASY])
@pytest.mark.parametrize("app", APPS)
def test_translations_have_the_same_placeholders(app: str, language: str) -> None:
    wrong = [
        (entry.msgid, said)
        for entry in entries_of(app, language)
        for said in entry.msgstr_plural.values() or [entry.msgstr]
        if said and not _alike(entry.msgid, entry.msgid_plural, said)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", [ENGLISH, EASY])
def test_a_text_has_the_same_words_in_every_app(language: str) -> None:
    """Django reads all catalogues into one: of two translations only the first app's is ever seen."""
    said: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for app in APPS:
        for entry in entries_of(app, language):
            if entry.translated():
                words = entry.msgstr_plural.values() or [entry.msgstr]
                said.setdefault((entry.msgctxt or "", entry.msgid), set()).add(tuple(words))
    assert {text: words for text, words in said.items() if len(words) > 1} == {}


def _alike(one: str, many: str, said: str) -> bool:
    """Whether all placeholders are there; „ein“ in place of a number may leave it out."""
    found = set(PLACEHOLDER.findall(said))
    return found == set(PLACEHOLDER.findall(one)) or found == set(PLACEHOLDER.findall(many or one))


@pytest.mark.parametrize("app", APPS)
def test_templates_say_nothing_past_the_catalogue(app: str) -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in templates(app)
        for words in bare_words(path)
    ]
    assert bare == []


def bare_words(path: Path) -> Iterator[str]:
    """Words in a template outside of tags for translation."""
    rest = []
    inside = False
    for token in Lexer(path.read_text()).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK and "translate" in name:
            inside = name == "blocktranslate"
        elif token.token_type == TokenType.TEXT and not inside:
            rest.append(token.contents)
        elif token.token_type != TokenType.TEXT:
            rest.append("p" if rest[-1:] and rest[-1].endswith(("<", "</")) else " ")
        if token.token_type == TokenType.BLOCK or (
            token.token_type == TokenType.VAR and not inside
        ):
            words = (found[0] for found in WORDS_IN_FILTERS.finditer(token.contents))
            yield from (found for found in words if found not in NO_WORDS)
    text = "".join(rest)
    if path.suffix == ".txt":
        yield from _words_in(text)
        return
    page = _Page()
    page.feed(text)
    for piece in page.pieces:
        yield from _words_in(piece)


def _words_in(text: str) -> Iterator[str]:
    if set(LETTERS.findall(text)) - NAMES:
        yield " ".join(text.split())


class _Page(HTMLParser):
    """Gathers what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "pre", "kbd"}:
            self.hidden = tag
        self.pieces += [value for name, value in attrs if value and name in ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.hidden:
            self.hidden = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


@pytest.mark.parametrize("app", APPS)
def test_python_says_nothing_past_the_catalogue(app: str) -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in python_files(app)
        if not GERMAN_FILES.search(path.as_posix())
        for line, words in bare_strings(ast.parse(path.read_text()))
    ]
    assert bare == []


def bare_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """German strings outside of gettext's calls, and choices without it; docstrings are none."""
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in GETTEXT | NGETTEXT | PGETTEXT:
                passed |= {id(each) for each in ast.walk(node)}
            elif name == "csv_response":
                lists = [each for each in node.args if isinstance(each, ast.List)]
                passed |= {id(each) for header in lists for each in ast.walk(header)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif (
            (isinstance(node, ast.keyword) and node.arg == "keywords")
            or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in COLUMNS)
            or getattr(node, "name", "") in NAMES_IN_THE_LOG
        ):
            passed |= {id(each) for each in ast.walk(node)}
        elif isinstance(node, ast.ClassDef) and _is_choices(node):
            yield from _bare_labels(node)
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in passed and _is_german(node.value):
            yield node.lineno, node.value


def _is_german(text: str) -> bool:
    """Whether a string is a text, and not just an umlaut or a dash."""
    is_text = GERMAN.search(text) and (LETTERS.search(text) or "j." in text)
    return bool(is_text) and text not in KEPT


def _is_choices(node: ast.ClassDef) -> bool:
    return any(getattr(base, "attr", "").endswith("Choices") for base in node.bases)


def _bare_labels(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
            label = line.value.elts[-1]
            if isinstance(label, ast.Constant) and not GERMAN.search(str(label.value)):
                yield line.lineno, str(label.value)
