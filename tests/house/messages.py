"""All texts that people read, as each app has them; ``make messages`` renews the catalogues with them.

German stands in the code and is the key of its translations (docs/decisions/0029-three-languages.md).
An app's catalogue lies in ``src/allmende/APP/locale``. English has every text; Leichte Sprache those of
the essential pages.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
import polib
from django.template import engines
from django.template.base import Lexer, Template, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

SOURCE = Path(__file__).resolve().parents[2] / "src" / "allmende"
APPS = ("portal", "audit", "mail", "accounts", "registry", "webhooks", "forum", "crisis")
ENGLISH, EASY = "en", "de_X-ls"
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop"}
NGETTEXT = {"ngettext", "ngettext_lazy"}
# Where one German word says two things: what it is about comes first.
PGETTEXT = {"pgettext", "pgettext_lazy"}
# A text within another tag: {% include "…" with label=_("…") %}, {{ name|default:_("…") }}
INLINE = re.compile(r"""_\("([^"]+)"\)|_\('([^']+)'\)""")
TAGS = re.compile(r"{% *(?:trans|translate|blocktrans|blocktranslate)\s")


class Text(NamedTuple):
    """A text, what it is for more than one where that differs, and what it is about where that matters."""

    one: str
    many: str = ""
    about: str = ""


def python_files(app: str) -> list[Path]:
    """Every module of an app but its migrations."""
    return [path for path in sorted((SOURCE / app).rglob("*.py")) if "migrations" not in path.parts]


def templates(app: str) -> list[Path]:
    """Every template of an app."""
    return sorted(
        path
        for path in (SOURCE / app).rglob("*")
        if path.suffix in {".html", ".txt"} and "templates" in path.parts
    )


def texts_of(app: str) -> list[Text]:
    """All that an app has to say, in order. What has a plural anywhere has one everywhere."""
    said = {text for path in python_files(app) for text in texts_in_python(path.read_text())}
    said |= {text for path in templates(app) for text in texts_in_template(path.read_text())}
    with_plural = {text.one for text in said if text.many}
    return sorted(text for text in said if text.many or text.one not in with_plural)


def texts_in_python(source: str) -> Iterator[Text]:
    """The constant arguments of all calls of gettext and its likes."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [
            each.value
            for each in node.args
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if name in GETTEXT and words:
            yield Text(words[0])
        elif name in NGETTEXT and len(words) >= 2:
            yield Text(words[0], words[1])
        elif name in PGETTEXT and len(words) >= 2:
            yield Text(words[1], about=words[0])


def texts_in_template(source: str) -> Iterator[Text]:
    """What its tags for translation hold, with percent signs doubled as Django asks for them."""
    template = Template(source, engine=engines["django"].engine)  # type: ignore[attr-defined]
    nodes = template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode))  # type: ignore[arg-type]
    if len(nodes) != len(TAGS.findall(source)):
        raise LookupError(f"not all tags for translation are found in {source[:200]}")
    for node in nodes:
        if isinstance(node, BlockTranslateNode):
            one, many = (
                node.render_token_list(each or ())[0] for each in (node.singular, node.plural)
            )
            yield Text(one, many)
        elif literal := getattr(node.filter_expression.var, "literal", None):
            about = str(node.message_context.var) if node.message_context else ""
            yield Text(literal.replace("%", "%%"), about=about)
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            for double, single in INLINE.findall(token.contents):
                yield Text((double or single).replace("%", "%%"))


def catalogue(app: str, language: str) -> Path:
    """Where an app's texts in a language lie."""
    return SOURCE / app / "locale" / language / "LC_MESSAGES" / "django.po"


def entries_of(app: str, language: str) -> list[polib.POEntry]:
    """What stands in the catalogue; nothing where there is none."""
    path = catalogue(app, language)
    return list(polib.pofile(str(path))) if path.exists() else []


def text_of(entry: polib.POEntry) -> Text:
    """What an entry has words for."""
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def renew(app: str, language: str) -> int:
    """Write the catalogue anew: new texts in, old ones out; return how many wait for words.

    Leichte Sprache is written for what is essential: it has no empty entries.
    """
    known = {text_of(entry): entry for entry in entries_of(app, language)}
    file = polib.POFile(wrapwidth=10_000)
    file.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text in texts_of(app):
        if text in known or language == ENGLISH:
            file.append(known.get(text) or _empty(text))
    path = catalogue(app, language)
    if len(file):
        path.parent.mkdir(parents=True, exist_ok=True)
        file.save(str(path))
    return len(file.untranslated_entries()) + len(file.fuzzy_entries())


def _empty(text: Text) -> polib.POEntry:
    if text.many:
        return polib.POEntry(msgid=text.one, msgid_plural=text.many, msgstr_plural={0: "", 1: ""})
    return polib.POEntry(msgid=text.one, msgctxt=text.about or None)


if __name__ == "__main__":
    django.setup()
    for name in APPS:
        for each in (ENGLISH, EASY):
            print(f"{name} {each}: {renew(name, each)} without words")  # noqa: T201
