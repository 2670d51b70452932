/**
 * The passage that answers → the stretch of it that is shown, and what is marked in it.
 */

import { HAN } from "./search-folding.js";
import { eachToken, isArticle, references } from "./search-tokens.js";

const LENGTH = 120;
const BEFORE = 24;
/** Marked is what carries at least this share of the rarest term's weight: else every 的 would shine. */
const WORTH_MARKING = 0.25;
const SENTENCE_END = /[。！？；\n]/;

/**
 * @param {string} text of the passage
 * @param {Map<string, number>} rarities weight of each token of the query
 * @returns {{snippet: string, highlights: number[][], cuts: boolean[]}} ranges of code units; whether the snippet
 *   begins, and ends, within a sentence
 */
export function cutSnippet(text, rarities, folding) {
  const ranges = marked(text, rarities, folding);
  const start = beginning(text, bestStart(ranges));
  let end = Math.min(text.length, start + LENGTH);
  if (end < text.length && isLowSurrogate(text, end)) end++;
  const cut = text.slice(start, end);
  const snippet = cut.trim();
  const lead = cut.length - cut.trimStart().length;
  // What reaches beyond the snippet is marked as far as it is shown.
  const shown = (place) => Math.min(snippet.length, Math.max(0, place - start - lead));
  return {
    snippet: snippet.replaceAll("\n", " "),
    highlights: ranges.map((range) => [shown(range.start), shown(range.end)]).filter(([from, to]) => from < to),
    cuts: [start, end].map((at) => at > 0 && at < text.length && !SENTENCE_END.test(text[at - 1])),
  };
}

/** Where tokens of the query stand, neighbours joined. */
export function marked(text, rarities, folding) {
  const folded = folding.fold(text);
  const { starts } = folded;
  const wanted = numbered(rarities);
  let most = 0;
  for (const rarity of rarities.values()) most = Math.max(most, rarity);
  const ranges = [];
  eachToken(folded, (kind, start, end) => {
    const token = tokenAt(folded.codes, kind, start, end);
    const rarity = wanted.get(token);
    if (rarity === undefined) return;
    const last = ranges[ranges.length - 1];
    const [from, to] = [starts[start], starts[end]];
    if (last && from <= last.end) {
      last.end = Math.max(last.end, to);
      last.weight += rarity;
      last.tokens.add(token);
    } else ranges.push({ start: from, end: to, weight: rarity, tokens: new Set([token]) });
  });
  for (const one of markedReferences(folded, rarities)) {
    if (ranges.every((range) => range.end <= one.start || range.start >= one.end)) ranges.push(one);
  }
  ranges.sort((a, b) => a.start - b.start);
  return ranges.filter((range) => range.weight >= WORTH_MARKING * most);
}

/** References that the query names, such as an article by its number. */
function markedReferences(folded, rarities) {
  if (![...rarities.keys()].some((token) => token.startsWith("#"))) return [];
  const text = folded.toString();
  // Code units of the folded text are its code points unless some lie beyond the basic plane.
  if (text.length !== folded.length) return [];
  return references(text)
    .filter(({ token }) => rarities.has(token))
    .map(({ token, start, end }) => ({
      start: folded.starts[start],
      end: folded.starts[end],
      weight: rarities.get(token),
      tokens: new Set([token]),
    }));
}

/** Han as one number, so that a text is compared without making a string of each of its pairs. */
const tokenAt = (codes, kind, start, end) =>
  kind === HAN ? codes[start] * 0x200000 + (end > start + 1 ? codes[start + 1] : 0) : String.fromCodePoint(...codes.subarray(start, end));

function numbered(rarities) {
  const wanted = new Map();
  for (const [token, rarity] of rarities) {
    const codes = Array.from(token, (one) => one.codePointAt(0));
    wanted.set(token, rarity);
    if (codes.length <= 2) wanted.set(codes[0] * 0x200000 + (codes[1] ?? 0), rarity);
  }
  return wanted;
}

/** Where the window begins that holds most of the query, each token counted once; an article that is asked for begins it. */
function bestStart(ranges) {
  const article = ranges.find(({ tokens }) => [...tokens].some((token) => isArticle(String(token))));
  if (article) return article.start;
  let best = 0;
  let most = -1;
  ranges.forEach((first, index) => {
    const tokens = new Set();
    let weight = 0;
    const isShown = (range) => range === first || range.end <= first.start + LENGTH - BEFORE;
    for (let at = index; at < ranges.length && isShown(ranges[at]); at++) {
      const fresh = [...ranges[at].tokens].filter((token) => !tokens.has(token));
      fresh.forEach((token) => tokens.add(token));
      weight += (ranges[at].weight * fresh.length) / ranges[at].tokens.size;
    }
    if (weight > most) [most, best] = [weight, first.start];
  });
  return best;
}

/** A little before the match, at the beginning of its sentence if that is near. */
function beginning(text, match) {
  const earliest = Math.max(0, match - BEFORE);
  let start = earliest;
  for (let at = match; at > earliest; at--) {
    if (SENTENCE_END.test(text[at - 1])) {
      start = at;
      break;
    }
  }
  if (start + LENGTH > text.length) start = Math.min(start, Math.max(0, text.length - LENGTH));
  return isLowSurrogate(text, start) ? start - 1 : start;
}

const isLowSurrogate = (text, at) => at > 0 && /[\udc00-\udfff]/.test(text[at] ?? "") && /[\ud800-\udbff]/.test(text[at - 1]);
