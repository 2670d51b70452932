/**
 * Runs the search client in Node for the tests: reads one JSON request from standard input, writes one answer.
 *
 * {"scripts": folder of the client, "root": folder that is served, "faults": {path part: "missing" | "short" | "garbled"},
 *  "calls": [["query", text, options] | ["suggest", text] | ["scoreTerms", terms] | ["tokens", text] | ["byRule", text]
 *            | ["digests", file of texts] | ["lunr", file, [terms, …], most] | ["lost", terms] | ["swap", folder]]}
 *
 * "digests" gives a SHA-256 of the tokens of each text; "lunr" the best `most` results and those that equal the last.
 */

import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const request = JSON.parse(Buffer.concat(chunks).toString());
const load = (name) => import(pathToFileURL(`${request.scripts}/${name}.js`));

const fetched = [];
let root = request.root;

async function fetch(url) {
  const path = decodeURIComponent(new URL(url).pathname);
  fetched.push(path);
  const fault = Object.entries(request.faults ?? {}).find(([part]) => path.includes(part))?.[1];
  let bytes;
  try {
    if (fault === "missing") throw new Error("missing");
    bytes = await readFile(root + path);
  } catch {
    return { ok: false, status: 404 };
  }
  if (fault === "short") bytes = bytes.subarray(0, bytes.length / 2);
  if (fault === "garbled") bytes = bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 255 : byte));
  const copy = new Uint8Array(bytes);
  return { ok: true, status: 200, arrayBuffer: async () => copy.buffer, text: async () => new TextDecoder().decode(copy) };
}

async function foldings() {
  const { Folding } = await load("search-folding");
  const entry = JSON.parse(await readFile(`${root}/search/entry.json`, "utf8"));
  const full = new Folding(entry.unfolded);
  full.load(new Uint8Array(await readFile(`${root}/search/folding-${entry.folding}.bin`)));
  return { full, rule: new Folding(entry.unfolded) };
}

const lunr = () => createRequire(import.meta.url)("lunr");
let oracle;

/** Terms that stand in the index of the last "lunr" call and that lunr's own automaton does not find there. */
const lostByLunr = (terms) =>
  terms.filter((term) => term in oracle.invertedIndex && !oracle.tokenSet.intersect(lunr().TokenSet.fromString(term)).toArray().length);

async function askLunr(file, queries, most = Infinity) {
  const index = (oracle = lunr().Index.load(JSON.parse(await readFile(file, "utf8"))));
  return queries.map((terms) =>
    index
      .query((query) => terms.forEach((term) => query.term(term, { usePipeline: false })))
      .map(({ ref, score }) => [ref, score])
      .filter(([, score], at, all) => at < most || score > all[most - 1][1] - 1e-9),
  );
}

let search;
let tables;
const answers = [];
for (const [name, ...given] of request.calls) {
  if (name === "tokens" || name === "byRule") {
    tables ??= await foldings();
    const { tokens } = await load("search-tokens");
    const folding = name === "tokens" ? tables.full : tables.rule;
    answers.push(name === "byRule" && !folding.suffices(given[0]) ? null : tokens(given[0], folding));
  } else if (name === "digests") {
    tables ??= await foldings();
    const { tokens } = await load("search-tokens");
    const texts = JSON.parse(await readFile(given[0], "utf8"));
    answers.push(texts.map((text) => createHash("sha256").update(tokens(text, tables.full).join("\0")).digest("hex")));
  } else if (name === "lunr") answers.push(await askLunr(...given));
  else if (name === "lost") answers.push(lostByLunr(...given));
  else if (name === "swap") {
    root = given[0];
    answers.push(null);
  } else {
    const { openSearch } = await load("search-core");
    search ??= await openSearch("http://cluster.example/", { fetch });
    answers.push(await search[name](...given));
  }
}
process.stdout.write(JSON.stringify({ answers, fetched }));
