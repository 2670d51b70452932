/**
 * Asks a built tree through its own client and measures quality, bytes and time; for tests/benchmarks/search_quality.py.
 *
 *     node measure.mjs TREE QUERIES MAP SCRIPTS   → one JSON object
 *
 * TREE holds the index, SCRIPTS (a folder of a built tree) the client. MAP names the law of each item; several
 * items may be of one law, whose first place counts. Each kind is also reported for its even and odd queries apart.
 * Bytes are what a server sends: of each file the smallest of itself and its Brotli form (the release writes
 * such forms beside the files; here they are made). Every query is a reader's first: nothing is cached before it.
 */

import { mkdtempSync, readFileSync, readdirSync, writeFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const [tree, queries, map, assets] = process.argv.slice(2);
const kinds = JSON.parse(readFileSync(queries, "utf8"));
const lawOf = new Map(Object.entries(JSON.parse(readFileSync(map, "utf8"))));
const known = new Set(lawOf.values());
const laws = ({ results }) => [...new Set(results.map((one) => lawOf.get(one.item)))];

// The client of the tree, where Node takes .js for modules.
const scripts = mkdtempSync(join(tmpdir(), "mingtang-measure-"));
process.on("exit", () => rmSync(scripts, { recursive: true, force: true }));
writeFileSync(join(scripts, "package.json"), '{"type": "module"}');
for (const name of readdirSync(assets)) {
  if (name.endsWith(".js")) writeFileSync(join(scripts, name), readFileSync(join(assets, name)));
}
const core = readdirSync(scripts).find((name) => name.startsWith("search-core"));
const { openSearch } = await import(join(scripts, core));

/** The core and all that it imports. */
function imported(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(join(scripts, name), "utf8");
  for (const [, other] of text.matchAll(/from "\.\/([^"]+)"/g)) imported(other, seen);
  return seen;
}

const files = new Map();
const sizes = new Map();
let seen = new Set();
async function fetch(url) {
  const path = decodeURIComponent(new URL(url).pathname);
  if (!files.has(path)) files.set(path, await readFile(tree + path));
  const bytes = files.get(path);
  if (!sizes.has(path)) sizes.set(path, Math.min(bytes.length, brotliCompressSync(bytes).length));
  seen.add(path);
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { ok: true, status: 200, arrayBuffer: async () => copy, text: async () => bytes.toString() };
}

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers) => sum(numbers) / Math.max(1, numbers.length);
const quantile = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];

function ndcg(found, right) {
  const gain = (rank) => 1 / Math.log2(rank + 2);
  const ideal = sum(Array.from({ length: Math.min(10, right.size) }, (_, rank) => gain(rank)));
  return sum(found.slice(0, 10).map((item, rank) => (right.has(item) ? gain(rank) : 0))) / ideal;
}

function reciprocal(found, right) {
  const rank = found.findIndex((item) => right.has(item));
  return rank < 0 ? 0 : 1 / (rank + 1);
}

const script = sum([...imported(core)].map((name) => brotliCompressSync(readFileSync(join(scripts, name))).length));
const report = { script, kinds: {} };
const warm = await openSearch("http://cluster.example/", { fetch });
for (const [kind, judged] of Object.entries(kinds)) {
  const rows = [];
  for (const { query, relevant } of judged) {
    const right = new Set(relevant.filter((name) => known.has(name)));
    if (!right.size) continue;
    seen = new Set();
    const first = await openSearch("http://cluster.example/", { fetch });
    const answer = await first.query(query, { limit: 10 });
    const bytes = script + sum([...seen].map((path) => sizes.get(path)));
    const requests = seen.size;
    const deep = laws(await warm.query(query, { limit: 50 }));
    await warm.query(query, { limit: 10 });
    const start = performance.now();
    await warm.query(query, { limit: 10 });
    const time = performance.now() - start;
    const ten = laws(answer);
    rows.push({
      ndcg: ndcg(ten, right),
      recall: ten.filter((law) => right.has(law)).length / right.size,
      mrr: reciprocal(deep, right),
      nothing: answer.total ? 0 : 1,
      bytes,
      requests,
      time,
    });
  }
  const of = (name) => rows.map((row) => row[name]);
  const half = (name, odd) => mean(of(name).filter((_, at) => at % 2 === odd));
  report.kinds[kind] = {
    queries: rows.length,
    ndcg: mean(of("ndcg")),
    recall: mean(of("recall")),
    mrr: mean(of("mrr")),
    ndcgHalves: [half("ndcg", 0), half("ndcg", 1)],
    mrrHalves: [half("mrr", 0), half("mrr", 1)],
    nothing: mean(of("nothing")),
    bytesMedian: quantile(of("bytes"), 0.5),
    bytes95: quantile(of("bytes"), 0.95),
    requestsMedian: quantile(of("requests"), 0.5),
    timeMedian: quantile(of("time"), 0.5),
    time95: quantile(of("time"), 0.95),
  };
}
process.stdout.write(JSON.stringify(report));
