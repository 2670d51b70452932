/**
 * The same queries through Pagefind's own client, from a tree that Pagefind indexed.
 *
 *     node measure_pagefind.mjs TREE QUERIES MAP EVERY   → one JSON object
 *
 * As in measure.mjs, every query is a reader's first, and bytes are those of the file or of its Brotli form,
 * whichever is smaller. Only every EVERY-th query of more than a hundred is asked: each first loads Pagefind anew.
 */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";

const [tree, queries, map, every] = process.argv.slice(2);
const kinds = JSON.parse(readFileSync(queries, "utf8"));
const ids = new Map(Object.entries(JSON.parse(readFileSync(map, "utf8"))).map(([id, name]) => [name, id]));
let bytes = 0;
const files = new Map();
const sizes = new Map();

async function sent(path) {
  if (!files.has(path)) {
    const data = await readFile(path);
    files.set(path, data);
    sizes.set(path, Math.min(data.length, brotliCompressSync(data).length));
  }
  bytes += sizes.get(path);
  return files.get(path);
}

globalThis.fetch = async (url) => {
  const data = await sent(tree + new URL(url, "http://cluster.example/").pathname);
  return new Response(data, { headers: { "content-type": url.includes(".json") ? "application/json" : "application/octet-stream" } });
};
globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => "zh-cn" }) };
globalThis.window = globalThis;
globalThis.location = new URL("http://cluster.example/");

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const quantile = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];
const gain = (rank) => 1 / Math.log2(rank + 2);
const report = {};
let turn = 0;
for (const [kind, judged] of Object.entries(kinds)) {
  const rows = [];
  for (const { query, relevant } of judged.filter((_, at) => judged.length <= 100 || at % Number(every) === 0)) {
    const right = new Set(relevant.map((name) => ids.get(name)).filter(Boolean));
    if (!right.size) continue;
    bytes = 0;
    await sent(join(tree, "pagefind", "pagefind.js"));
    const pagefind = await import(`${pathToFileURL(join(tree, "pagefind", "pagefind.js"))}?${turn++}`);
    await pagefind.options({ basePath: "/pagefind/", baseUrl: "/" });
    const { results } = await pagefind.search(query);
    const ten = await Promise.all(results.slice(0, 10).map((one) => one.data()));
    const items = ten.map((one) => one.url.replace(/^\//, "").replace(/\.html$/, ""));
    const ideal = sum(Array.from({ length: Math.min(10, right.size) }, (_, rank) => gain(rank)));
    const first = items.findIndex((item) => right.has(item));
    rows.push({
      ndcg: sum(items.map((item, rank) => (right.has(item) ? gain(rank) : 0))) / ideal,
      recall: items.filter((item) => right.has(item)).length / right.size,
      mrr: first < 0 ? 0 : 1 / (first + 1),
      nothing: results.length ? 0 : 1,
      bytes,
    });
  }
  const of = (name) => rows.map((row) => row[name]);
  const mean = (numbers) => sum(numbers) / Math.max(1, numbers.length);
  report[kind] = {
    queries: rows.length,
    ndcg: mean(of("ndcg")),
    recall: mean(of("recall")),
    mrr: mean(of("mrr")),
    nothing: mean(of("nothing")),
    bytesMedian: quantile(of("bytes"), 0.5),
    bytes95: quantile(of("bytes"), 0.95),
  };
}
process.stdout.write(JSON.stringify(report));
process.exit(0);
