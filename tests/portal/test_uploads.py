"""Files from outside: what is taken, what is refused, and how it comes back."""

import hashlib
import io
import struct
import zipfile
import zlib
from datetime import timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from PIL import Image

from allmende.accounts.models import User
from allmende.portal import services
from allmende.portal.models import Upload
from allmende.portal.uploads import DOCUMENTS, Kind, UploadField, check_file, download, safe_name

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WORD = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
ODT = b"application/vnd.oasis.opendocument.text"


def image(kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def archive(**parts: bytes) -> bytes:
    """A ZIP archive; a double underscore stands for a slash, ``types`` for [Content_Types].xml."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for key, content in parts.items():
            name = {"types": "[Content_Types].xml"}.get(key, key.replace("__", "/"))
            file.writestr(name.replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return stream.getvalue()


def docx(**more: bytes) -> bytes:
    return archive(types=WORD, word__document_xml=b"<w:document/>", **more)


def huge_png(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it has ``width`` × ``height`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def said_of(name: str, content: bytes, kinds: tuple[Kind, ...] = DOCUMENTS) -> str:
    """Media type where the file is taken, else the first words of the message."""
    try:
        return check_file(SimpleUploadedFile(name, content, "application/pdf"), kinds).media_type
    except ValidationError as error:
        return " ".join(error.messages[0].split()[:4])


NOT_TAKEN = "Diese Art von Datei"
DAMAGED = "Die Datei ist beschädigt"
OTHER_NAME = "Dem Inhalt nach ist"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Beschluss.pdf", PDF, "application/pdf"),
        ("BESCHLUSS.PDF", PDF, "application/pdf"),
        ("bild.png", image(), "image/png"),
        ("foto.jpeg", image("JPEG"), "image/jpeg"),
        ("vom-telefon.jpg", image("JPEG") + b"SEFH\x6b\0\0\0SEFT", "image/jpeg"),
        ("brief.docx", docx(), Kind.DOCX.media_type),
        ("brief.odt", archive(mimetype=ODT), Kind.ODT.media_type),
        # The name says something else than the content.
        ("bild.jpg", image(), OTHER_NAME),
        ("beschluss.exe", PDF, OTHER_NAME),
        ("beschluss", PDF, OTHER_NAME),
        ("beschluss.pdf.html", PDF, OTHER_NAME),
        # What a browser would run, and what hides it.
        ("bild.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", NOT_TAKEN),
        ("seite.pdf", b"<!doctype html><script>x()</script>", NOT_TAKEN),
        ("seite.pdf", b"<html>%PDF-1.7 %%EOF", NOT_TAKEN),
        ("bild.gif", b"GIF89a" + b"\0" * 20, NOT_TAKEN),
        ("programm.pdf", b"MZ" + b"\0" * 100, NOT_TAKEN),
        # Two kinds at once: a picture or a program, and an archive behind it.
        ("bild.png", image() + archive(mimetype=ODT), DAMAGED),
        ("foto.jpg", image("JPEG") + archive(mimetype=ODT), DAMAGED),
        ("foto.jpg", image("JPEG") + archive(mimetype=ODT) + b"\xff\xd9", DAMAGED),
        ("beschluss.pdf", PDF + archive(mimetype=ODT), DAMAGED),
        ("brief.odt", b"MZ" + archive(mimetype=ODT), NOT_TAKEN),
        # Archives that are something else.
        ("brief.docx", archive(a=b"b"), NOT_TAKEN),
        (
            "tabelle.odt",
            archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            NOT_TAKEN,
        ),
        ("makro.docx", docx(word__vbaProject_bin=b"x"), NOT_TAKEN),
        ("makro.odt", archive(mimetype=ODT, Basic__a=b"x"), NOT_TAKEN),
        # Broken ones.
        ("beschluss.pdf", PDF[:20], DAMAGED),
        ("bild.png", image()[:-20], DAMAGED),
        ("bild.png", image()[:30] + b"\xff" + image()[31:], DAMAGED),
        ("brief.docx", docx()[:-30], DAMAGED),
    ],
)
def test_a_file_counts_as_what_its_content_is(name: str, content: bytes, said: str) -> None:
    assert said_of(name, content) == said


def test_a_field_takes_only_the_kinds_it_names() -> None:
    field = UploadField(kinds=[Kind.PDF])
    assert field.clean(SimpleUploadedFile("a.pdf", PDF)).media_type == "application/pdf"
    with pytest.raises(ValidationError, match="Möglich sind: PDF"):
        field.clean(SimpleUploadedFile("a.png", image()))
    assert field.widget.attrs["accept"] == ".pdf"
    assert field.help_text == "PDF, höchstens 10 MB."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("aufruf.txt", "Abkochen, bitte.\r\n".encode("utf-8-sig"), Kind.TEXT.media_type),
        ("aufruf.csv", b"a;b\n", OTHER_NAME),
        ("aufruf.txt", "Brücke".encode("latin-1"), NOT_TAKEN),
        ("aufruf.txt", b"Abkochen\x1b[2J", NOT_TAKEN),
        ("aufruf.txt", b" \n", NOT_TAKEN),
        ("seite.txt", b"<!doctype html><script>x()</script>", NOT_TAKEN),
        ("brief.txt", PDF, OTHER_NAME),
    ],
)
def test_bare_text_is_taken_where_it_is_asked_for(name: str, content: bytes, said: str) -> None:
    assert said_of(name, content, tuple(Kind)) == said
    assert said_of("aufruf.txt", b"Abkochen, bitte.") == NOT_TAKEN


def test_an_archive_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = docx(word__zeros=b"\0" * 1_000_000)
    with_lie = bytearray(bomb)
    # The central directory says how large the part is: 1 GB instead of 1 MB.
    at = with_lie.rindex(struct.pack("<I", 1_000_000))
    with_lie[at : at + 4] = struct.pack("<I", 1_000_000_000)
    assert said_of("brief.docx", bomb) == Kind.DOCX.media_type
    assert said_of("brief.docx", bytes(with_lie)) == DAMAGED


@pytest.mark.parametrize("size", [(10_000, 4_001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_an_image_with_too_many_pixels_is_not_unpacked(size: tuple[int, int]) -> None:
    assert said_of("bild.png", huge_png(*size)).startswith("Das Bild")


def test_size_digest_and_pixels_are_noted() -> None:
    file = check_file(SimpleUploadedFile("bild.png", image(size=(30, 20))))
    assert (file.width, file.height, file.size) == (30, 20, len(image(size=(30, 20))))
    assert check_file(SimpleUploadedFile("a.pdf", PDF)).sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\Beschluss.pdf", "Beschluss.pdf"),
        ("Beschluss\u202efdp.exe", "Beschlussfdp.exe"),
        ("Rats\u0308.pdf", "Rats\u0308.pdf"),
        ("Ra\u0308te.pdf", "Räte.pdf"),
        ("zeile\r\nSet-Cookie: a=b.pdf", "zeileSet-Cookie_ a=b.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("\0\u200b.pdf", "pdf"),
        ("...", "Datei"),
        ("", "Datei"),
        ("con.pdf", "_con.pdf"),
        ("лист.pdf", "лист.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


class Evidence(forms.Form):
    document = UploadField(label="Beschluss")


def send(request: HttpRequest) -> HttpResponse:
    form = Evidence(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(form.errors["document"][0], status=422)
    services.keep_upload(actor=None, file=form.cleaned_data["document"])
    return HttpResponse(status=204)


def fetch(request: HttpRequest) -> HttpResponse:
    return download(Upload.objects.get())


def measure(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.FILES["document"].size)


urlpatterns = [path("senden/", send), path("holen/", fetch), path("messen/", measure)]
here = pytest.mark.urls("tests.portal.test_uploads")


@here
@pytest.mark.django_db
def test_a_file_comes_back_as_it_was_and_is_never_shown(client: Client) -> None:
    sent = SimpleUploadedFile("Beschluß „12“.pdf", PDF, "text/html")
    assert client.post("/senden/", {"document": sent}).status_code == 204
    response = client.get("/holen/")
    assert b"".join(response) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    upload = Upload.objects.get()
    assert "Beschlu" not in upload.file.name
    assert upload.size == len(PDF)


@here
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Die Datei ist leer"),
        (PDF + b"\0" * 300_000, "größer als"),
        (None, "Bitte wählen Sie"),
    ],
)
@override_settings(UPLOAD_MAX_BYTES=100_000)
def test_nothing_too_little_and_too_much_is_said(
    client: Client, content: bytes | None, said: str
) -> None:
    sent = {} if content is None else {"document": SimpleUploadedFile("a.pdf", content)}
    response = client.post("/senden/", sent)
    assert (response.status_code, said in response.content.decode()) == (422, True)


@here
@override_settings(UPLOAD_MAX_BYTES=100_000)
def test_what_is_sent_beyond_the_limit_is_not_even_kept(client: Client) -> None:
    sent = SimpleUploadedFile("a.pdf", b"x" * 5_000_000)
    kept = int(client.post("/messen/", {"document": sent}).content)
    assert 100_000 < kept < 250_000


@pytest.mark.django_db
def test_what_nothing_points_at_goes_after_its_time(alice: User) -> None:
    file = check_file(SimpleUploadedFile("a.pdf", PDF))
    old, new = (services.keep_upload(actor=alice, file=file) for _ in range(2))
    storage = old.file.storage
    Upload.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    lost = storage.save("uploads/ab/lost", ContentFile(b"its transaction failed"))
    assert services.clear_uploads(timezone.now() - timedelta(days=1)) == 1
    assert [u.pk for u in Upload.objects.all()] == [new.pk]
    assert storage.exists(lost)
    services.clear_uploads(timezone.now() + timedelta(minutes=1))
    assert Upload.objects.count() == 0
    assert [storage.exists(name) for name in (lost, new.file.name)] == [False, False]


def test_what_points_at_something_is_found_without_a_way_back() -> None:
    keys = {f"{key.model._meta.label}.{key.name}" for key in services.keys_to(User)}
    assert {"portal.Upload.uploaded_by", "audit.Entry.actor", "registry.Mandate.user"} <= keys


@pytest.mark.django_db(transaction=True)
def test_bytes_go_with_their_row_and_only_then(alice: User) -> None:
    from django.db import transaction

    upload = services.keep_upload(actor=alice, file=check_file(SimpleUploadedFile("a.pdf", PDF)))
    name, storage = upload.file.name, upload.file.storage
    with transaction.atomic():
        services.remove_upload(upload=Upload.objects.get())
        transaction.set_rollback(True)
    assert storage.exists(name)
    services.remove_upload(upload=Upload.objects.get())
    assert not storage.exists(name)
