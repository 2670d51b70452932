"""``search``: ask the index in the terminal, verify it, evaluate its ranking."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from generator.commands.options import build_options, report_format, settings_from
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from generator.build.settings import Settings
    from generator.clearance.gate import ClearedItem
    from generator.search.passages import ItemPassages
    from generator.search.reader import IndexReader


class _AskingGroup(click.Group):
    """``search 探监`` is ``search query 探监``, with or without options before the words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["query", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_AskingGroup)
def search() -> None:
    """搜索已生成的网站：search "怎么申请法律援助"。Search what was built, verify and evaluate the index."""


def _out_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("public"),
        help="已生成的网站文件夹 the built tree",
    )(command)


def _reader(out: Path) -> IndexReader:
    from generator.search.reader import IndexReader

    return IndexReader(lambda path: (out / path).read_bytes())


@search.command()
@click.argument("text", nargs=-1, required=True)
@_out_option
@click.option("--limit", type=click.IntRange(1, 1000), default=10, help="显示几条 how many to show")
@report_format
def query(text: tuple[str, ...], out: Path, limit: int, form: str) -> ExitCode:
    """回答一个问题。Answer a question."""
    from generator.search.publish import DAY_ZERO
    from generator.search.ranking import answer

    reader = _reader(out)
    found = answer(reader, " ".join(text))
    rows = []
    for document, score in found.documents[:limit]:
        result = reader.result(document)
        day = DAY_ZERO.fromordinal(DAY_ZERO.toordinal() + int(reader.columns["day"][document]))
        rows.append(
            {
                "item": result.item,
                "title": result.title,
                "number": result.number,
                "date": day.isoformat(),
                "url": result.address,
                "score": round(score, 4),
            }
        )
    if form == "json":
        said = {"total": len(found.documents), "alsoSearched": found.also_searched, "results": rows}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return ExitCode.FINE
    click.echo(f"找到 {len(found.documents)} 条")
    if found.also_searched:
        click.echo(f"也搜索了：{'、'.join(found.also_searched)}")
    for place, row in enumerate(rows, 1):
        click.echo(f"{place:>3}. {row['title']}  {row['number']}".rstrip())
        click.echo(f"     {row['date']}  {row['url']}  {row['score']:.2f}")
    return ExitCode.FINE


@search.command()
@build_options
@report_format
@click.option("--sample", type=click.IntRange(min=1), default=400, help="最多核对多少个条目 most documents compared")
@click.option("--queries", type=click.IntRange(min=1), default=300, help="试多少个查询 queries tried")
def verify(sample: int, queries: int, form: str, **options: Any) -> ExitCode:
    """用 lunr.py 重建检索库并核对分数。Compare the index with lunr.py's own.

    条目多时抽样，内存和时间都有上限。Large clusters are sampled, so that memory and time are bounded.
    """
    from generator.search.verification import compare_postings, compare_scores, reference_index, sample_queries

    settings = settings_from(options)
    reader = _reader(settings.out)
    numbers = {reader.result(document).item: document for document in range(reader.count)}
    chosen = sorted(random.Random(1).sample(sorted(numbers), min(sample, len(numbers))))
    papers = _papers(settings, chosen)
    texts = {paper.cleared.id: paper.texts for paper in papers}
    wrong = compare_postings(reader, texts, numbers)
    asked = sample_queries(texts, reader.table, queries)
    # Scores depend on every document of an index: a sample is compared with an index of that sample.
    of_these = reader if len(texts) == reader.count else _small_index(settings, papers)
    differences = compare_scores(of_these, reference_index(texts, reader.table), asked)
    said = {
        "documents": len(texts),
        "of": reader.count,
        "queries": len(asked),
        "differences": len(differences),
        "wrongPostings": len(wrong),
    }
    if form == "json":
        click.echo(json.dumps(said))
    else:
        click.echo(
            f"核对 {len(texts)}/{reader.count} 个条目、{len(asked)} 个查询："
            f"分数不同 {len(differences)}，词频不同 {len(wrong)}"
        )
        for difference in differences[:5]:
            sys.stderr.write(f"  {' '.join(difference.terms)}\n    {difference.ours}\n    {difference.theirs}\n")
    return ExitCode.BUG if differences or wrong else ExitCode.FINE


class _Paper(NamedTuple):
    """A document with the texts that the last build read."""

    cleared: ClearedItem
    cut: ItemPassages
    postings: bytes

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each field, as the index defines it."""
        from generator.search.postings import short_texts

        passages = [passage.text for passage in self.cut.passages]
        return (
            *short_texts(self.cleared.item),
            "\n".join(passages[: self.cut.of_body]),
            "\n".join(passages[self.cut.of_body :]),
        )


def _papers(settings: Settings, items: list[str]) -> list[_Paper]:
    from generator.build import cache
    from generator.build.learning import PACKS
    from generator.build.packs import PackError, PackReader, reference
    from generator.build.pipeline import check

    screening = check(settings).screening
    cleared = {one.id: one for one in screening.cleared} if screening is not None else {}
    memory = cache.load_memory(settings.cache, cache.code_digest())
    sources = memory.sources if memory is not None else {}
    if not all(item in cleared and cleared[item].facts.path in sources for item in items):
        raise UsageError("网站与内容不一致，请先生成网站（build）再核对。Build first: the tree is not of this content.")
    try:
        with PackReader(settings.cache / PACKS) as packs:
            refs = [reference(sources[cleared[item].facts.path]) for item in items]
            return [
                _Paper(cleared[item], packs.passages(ref), packs.postings(ref))
                for item, ref in zip(items, refs, strict=True)
            ]
    except PackError as error:
        raise UsageError(f"缓存读不出来，请重新生成网站：{error}。Build again.") from error


def _small_index(settings: Settings, papers: list[_Paper]) -> IndexReader:
    """An index of these documents alone, made as the build makes it, in memory."""
    from generator.content.definitions import load_cluster
    from generator.search.folding import folding
    from generator.search.index import Definitions, begin_index
    from generator.search.mending import IndexDocument
    from generator.search.reader import IndexReader

    files: dict[str, bytes] = {}
    postings = {paper.cleared.id: paper.postings for paper in papers}
    with tempfile.TemporaryDirectory() as folder:
        begin_index(
            [IndexDocument(paper.cleared, b"") for paper in papers],
            lambda document: postings[document.cleared.id],
            Definitions(load_cluster(settings.sites), (), folding()),
            lambda file: files.update({file.path: file.data}),
            Path(folder),
        ).finish()
    return IndexReader(files.__getitem__)


@search.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_out_option
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="条目编号与文件中名称的对照 item ids and the names that the file uses",
)
@report_format
def evaluate(file: Path, out: Path, mapping: Path | None, form: str) -> ExitCode:
    """用一组问题和答案衡量搜索的好坏。Measure the ranking by queries whose answers are known."""
    from generator.search.evaluation import evaluate as measure
    from generator.search.evaluation import load_queries
    from generator.search.ranking import answer

    reader = _reader(out)

    def ask(text: str) -> list[str]:
        return [reader.result(document).item for document, _ in answer(reader, text).documents[:50]]

    kinds = measure(load_queries(file, mapping), ask)
    if form == "json":
        click.echo(json.dumps({kind: quality._asdict() for kind, quality in kinds.items()}, ensure_ascii=False))
        return ExitCode.FINE
    click.echo(f"{'':<20}{'queries':>8}{'nDCG@10':>10}{'Recall@10':>11}{'MRR':>8}{'nothing':>9}")
    for kind, quality in kinds.items():
        click.echo(
            f"{kind:<20}{quality.queries:>8}{quality.ndcg:>10.4f}{quality.recall:>11.4f}"
            f"{quality.reciprocal_rank:>8.4f}{quality.unanswered:>9}"
        )
    return ExitCode.FINE
