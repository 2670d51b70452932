"""Time and memory of inspecting attachments of every kind, ordinary, large and hostile.

    python -m tests.benchmarks.attachment_cost

Each file is inspected in a process of its own, so that the peak is its own; the
first line is what the program and the libraries take without any file.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from generator.clearance.attachments import Inspection, inspect
from generator.clearance.recognise import RECOGNISERS
from generator.clearance.rule import Rule
from generator.clearance.rules import make_rules
from generator.model import AttachmentRef, Category, Cluster, Unit
from tests.attachments import office_files, pdf_covers, pdf_files

Make = Callable[[Path], object]


def _paragraphs() -> bytes:
    import docx

    document = docx.Document()
    for number in range(2_000):
        document.add_paragraph(f"第{number}条 各单位应当按照职责分工，依法做好公共法律服务工作，定期公开办理结果。" * 2)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cells(rows: int) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("统计")
    for number in range(rows):
        sheet.append([number, "法律援助", "已办结", 12.5, "2026-11-01", "某区", "公开", f"编号{number}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _telephones() -> bytes:
    return "".join(
        f"{at}、13{at % 10}-{at * 7919 % 9000 + 1000}-{at * 104729 % 9000 + 1000}\n" for at in range(40_000)
    ).encode()


def _pages(number: int, draw: Callable[[int, object], object] = lambda page, canvas: None) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for page in range(number):
        canvas.setFont("Vera", 10)
        for line in range(50):
            canvas.drawString(
                72, 780 - 14 * line, f"Page {page}, line {line}: the bureau publishes what the law asks for."
            )
        draw(page, canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _stamp(page: int, canvas: object) -> None:
    canvas.setFillGray(0.9)  # type: ignore[attr-defined]
    canvas.rect(400, 40, 100, 30, fill=1, stroke=0)  # type: ignore[attr-defined]


def _photo() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 50).save(out, "JPEG", quality=90)
    return out.getvalue()


def _bomb(name: str, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(size >> 20):
            member.write(bytes(1 << 20))
    return out.getvalue()


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 << 30)


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]><x>&a9;</x>'
    return office_files.edited(office_files.docx_clean(), {"word/document.xml": text})


def _bytes(make: Callable[[], bytes]) -> Make:
    return lambda path: path.write_bytes(make())


FILES: list[tuple[str, Make]] = [
    ("small.docx", _bytes(office_files.docx_clean)),
    ("2000 paragraphs.docx", _bytes(_paragraphs)),
    ("small.xlsx", _bytes(office_files.xlsx_clean)),
    ("20000 rows.xlsx", _bytes(lambda: _cells(20_000))),
    ("small.pptx", _bytes(office_files.pptx_clean)),
    ("small.pdf", _bytes(pdf_files.clean)),
    ("100 pages.pdf", _bytes(lambda: _pages(100))),
    ("20 stamped pages.pdf", _bytes(lambda: _pages(20, _stamp))),
    ("scan with text.pdf", _bytes(pdf_files.scan_with_text)),
    ("12 megapixels.jpg", _bytes(_photo)),
    ("10 MB.csv", _bytes(lambda: "事项,件数,办结\n法律援助,120,118\n".encode() * 220_000)),
    ("3 MB of dates.csv", _bytes(lambda: b"2026-11-01,12.5,2026-11-02,3456.78\n" * 88_000)),
    ("1.2 MB of dates.csv", _bytes(lambda: b"2026-11-01,12.5,2026-11-02,3456.78\n" * 35_000)),
    ("2.5 MB of figures.csv", _bytes(lambda: "一二三四五六七八九〇、".encode() * 75_000)),
    ("2.5 MB of circles.txt", _bytes(lambda: "①②③④⑤⑥⑦⑧⑨⑩㈠㈡㈢".encode() * 64_000)),
    ("3.5 MB of names.csv", _bytes(lambda: "王小明、李建国、张伟、".encode() * 106_000)),
    ("40000 homes.csv", _bytes(lambda: "和平区某路12号楼3单元401室，".encode() * 40_000)),
    ("40000 telephones.csv", _bytes(_telephones)),
    ("64 MB.txt", _bytes(lambda: "本办法自印发之日起施行。".encode() * (1 << 20))),
    ("3 files.zip", _bytes(lambda: office_files.edited(_bomb("a.txt", 0), {"b.docx": office_files.docx_clean()}))),
    ("gigabyte bomb.zip", _bytes(lambda: _bomb("a.txt", 1 << 30))),
    ("gigabyte bomb.docx", _bytes(lambda: _bomb("word/document.xml", 1 << 30))),
    ("gigabyte stream.pdf", _bytes(lambda: pdf_files.bomb(1024))),
    ("100 MB objects.pdf", _bytes(pdf_files.structure_bomb)),
    ("25 square metres.pdf", _bytes(lambda: pdf_covers.sheet(*pdf_covers.LARGEST, cover=True))),
    ("nested forms.pdf", _bytes(pdf_files.laughs)),
    ("billion laughs.docx", _bytes(_laughs)),
    ("400000 elements.docx", _bytes(lambda: office_files.docx_of("<w:p/>" * 400_000))),
    ("million elements.docx", _bytes(lambda: office_files.docx_of("<w:p/>" * 1_000_000))),
    ("6 crowded slides.pptx", _bytes(lambda: office_files.pptx_crowded(6, 2_900))),
    ("40000 rows.xlsx", _bytes(lambda: _cells(40_000))),
    ("60 MB sheet.xlsx", _bytes(lambda: _cells(250_000))),
    ("2 GB sparse.pdf", _sparse),
    ("2 GB sparse.zip", _sparse),
]


def _inspect(path: Path) -> Inspection:
    cluster = Cluster(
        name="",
        base_url="",
        units=(Unit(id="sfj", name="", short_name="", kind=""),),
        categories=(Category(id="notice", name="", name_en=""),),
    )
    rules = [
        Rule(id=name, kind="recogniser", basis="", severity="block", review=date.max, recogniser=name)
        for name in RECOGNISERS
    ]
    ref = AttachmentRef(name=path.name, safe_name=path.name, title="")
    return inspect(path, ref, content_path="content/sfj/notice/a.md", rules=make_rules("1", rules, cluster))


def _measure(path: Path | None, answer: Connection) -> None:
    started = time.perf_counter()
    found = _inspect(path) if path is not None else None
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = sorted({finding.rule for finding in found.findings}) if found else []
    answer.send((seconds, peak, told, found.facts.readable if found else True))


def measured() -> Iterator[tuple[str, float, int, list[str], bool]]:
    """Name, seconds, peak in MB, rules of the findings, and whether it could be read; for each file."""
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in [("nothing", None), *FILES]:
            path = Path(folder) / name if make else None
            if make is not None and path is not None:
                make(path)
            ours, theirs = fresh.Pipe()
            child = fresh.Process(target=_measure, args=(path, theirs))
            child.start()
            yield (name, *ours.recv())
            child.join()
            if path is not None:
                path.unlink()


def main() -> None:
    """Print the table."""
    for name, seconds, peak, rules, readable in measured():
        print(f"{name:24}{seconds * 1000:8.0f} ms{peak:6} MB  {' '.join(rules)}{'' if readable else ' (unreadable)'}")


if __name__ == "__main__":
    main()
