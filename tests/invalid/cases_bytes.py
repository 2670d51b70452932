"""Bytes that are not the text they seem to be."""

from tests.invalid.invalid_cases import BODY, CLEARED, ITEM, REQUIRED, Case, front, item, odd, raw

PLAIN = front(*REQUIRED)

CASES: dict[str, Case] = {
    "bom": raw(b"\xef\xbb\xbf" + PLAIN.encode()),
    "bom and a second fault": raw(b"\xef\xbb\xbf" + front(*REQUIRED, "pinned: yes").encode()),
    "gbk": raw(PLAIN.encode("gbk")),
    "utf-16 with mark": raw(PLAIN.encode("utf-16")),
    "utf-16 little-endian without mark": raw(PLAIN.encode("utf-16-le")),
    "utf-16 big-endian without mark": raw(PLAIN.encode("utf-16-be")),
    "latin-1 in the body": raw(front(*REQUIRED, body="Caf").encode() + b"\xe9.\n"),
    "cut in the middle of a character": raw(PLAIN.encode()[:-3]),
    "lone surrogate": raw(PLAIN.encode() + b"\xed\xa0\xbd\n"),
    "nul in the front matter": raw(PLAIN.replace("true", "true\0")),
    "nul in the body": item(body="正\0文。\n"),
    "escape character in the body": item(body="正文\x1b[2J。\n"),
    "line separator before a flag": raw(front(*REQUIRED[:-1], f"summary: 概述\u2028{CLEARED}")),
    "next line character before a flag": raw(front(*REQUIRED[:-1], f"summary: 概述\x85{CLEARED}")),
    "right-to-left override in the title": raw(PLAIN.replace("会见", "\u202e会见")),
    "isolate in the body": item(body="正\u2066文\u2069。\n"),
    "zero-width space in the body": odd(item(body="正\u200b文。\n")),
    "zero-width space in a key": raw(PLAIN.replace("title", "ti\u200btle")),
    "Hangul filler in the body": odd(item(body="正\u3164文。\n")),
    "selector of a variant in the body": odd(item(body="葛\U000e0100城。\n")),
    "tag characters in the body": item(body="正文\U000e0031\U000e0033。\n"),
    "tag characters in the summary as escapes": item('summary: "概述\\U000E0031"'),
    "annotation between lines in the body": item(body="正\ufff9文\ufffa注\ufffb。\n"),
    "byte order mark in the middle": odd(item(body="正\ufeff文。\n")),
    "replacement character": odd(item(body="正\ufffd文。\n")),
    "crlf": odd(raw(PLAIN.replace("\n", "\r\n"))),
    "carriage returns alone": raw(PLAIN.replace("\n", "\r")),
    "one carriage return in the body": item(body="正\r文。\n"),
    "a line of 200,000 characters": item(body="字" * 200_000),
    "nine megabytes": Case({ITEM: front(*REQUIRED, body=BODY * 900_000)}),
    "merge conflict in the body": item(body="甲。\n<<<<<<< HEAD\n乙。\n=======\n丙。\n>>>>>>> gai\n"),
    "merge conflict in the front matter": raw(
        PLAIN.replace(CLEARED, f"<<<<<<< HEAD\nconfidentiality_cleared: false\n=======\n{CLEARED}\n>>>>>>> gai")
    ),
    "what is left of a merge conflict": item(body="甲。\n乙。\n=======\n丙。\n>>>>>>> gai\n"),
    "nothing at all": raw(b""),
    "only zeros": raw(b"\0" * 4096),
    "a Word document": raw(b"PK\x03\x04\x14\x00\x06\x00\xb4\xd3"),
    "a PDF": raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
}
