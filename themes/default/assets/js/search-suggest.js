/** What the beginning of a query may mean, as it is typed. */

import { listsOf } from "./search-index.js";
import { alsoSearch, split, understand } from "./search-query.js";
import { idf } from "./search-rank.js";
import { NUMBER, TITLE } from "./search-shards.js";

const SUGGESTIONS = 8;
const LONE_SUGGESTED = 4;
/** Share of the text that a title must hold to be suggested. */
const NAMED = 0.6;

/** Titles and numbers that hold most of the text, or official words for it. */
export async function suggest(index, warnings, text) {
  const { rest } = split(text);
  await index.attempt(() => index.prepare([rest]), undefined, warnings, "folding");
  const { terms, lone, asked } = understand({ rest, exact: [], excluded: [] }, index.folding);
  const added = alsoSearch(asked, await index.widening(warnings), index.folding);
  const official = added.flatMap((one) => one.official.map(({ tokens }) => tokens));
  const lists = await index.lists([terms, official].flat(2), warnings);
  const own = listsOf(lists, terms);
  for (const han of lone) for (const [term, found] of await index.listsBeginning(han, LONE_SUGGESTED, warnings)) own.set(term, found);
  const scores = new Float64Array(index.count);
  const total = addNamed(index, own, scores);
  const least = lone.length ? 0 : NAMED * total;
  const named = new Set([...scores.keys()].filter((document) => scores[document] > 0 && scores[document] >= least));
  for (const words of official) {
    const held = new Float64Array(index.count);
    const whole = addNamed(index, listsOf(lists, words), held);
    held.forEach((score, document) => {
      if (!score || score < whole - 1e-9) return;
      scores[document] += index.entry.weights.official * score;
      named.add(document);
    });
  }
  const best = [...named].sort(
    (a, b) => scores[b] - scores[a] || index.lengths[TITLE][a] - index.lengths[TITLE][b] || b - a,
  );
  const found = await Promise.all(
    best.slice(0, SUGGESTIONS).map(async (document) => {
      const block = await index.attempt(() => index.result(document), null, warnings, "result");
      if (!block) return null;
      return { item: index.itemOf(document, block), url: index.addressOf(document, block), title: block[1], documentNumber: block[2] };
    }),
  );
  return found.filter(Boolean);
}

/** Adds each term's rarity to the documents that have it in title or number; gives the sum of the rarities. */
function addNamed(index, found, scores) {
  let total = 0;
  for (const lists of found.values()) {
    const rarity = idf(lists, index.count);
    total += rarity;
    const named = new Set();
    for (const { field, documents } of lists) {
      if (field === TITLE || field === NUMBER) for (const document of documents) named.add(document);
    }
    for (const document of named) scores[document] += rarity;
  }
  return total;
}
