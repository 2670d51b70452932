/**
 * What somebody typed → what is looked up: terms, phrases, excluded words. Never throws.
 */

import { isLoneHan, queryTokens, tokens } from "./search-tokens.js";

const LONGEST = 1000;
const MOST_TOKENS = 120;
const MOST_OFFICIAL = 12;
/** Phrases, and excluded words, of one query: each is looked for in every document. */
const MOST_NARROWING = 12;
const QUESTION =
  /什么时候|为什么|有没有|能不能|要不要|是不是|会不会|可不可以|该怎么办|怎么办|什么|怎么|如何|是否|多少|哪些|哪里|怎样|请问|的话|吗|呢|吧/gu;
/** Quotes ask for the exact phrase when they stand alone; within a sentence they only quote. */
const PHRASE = /(^|[\s\u3000])([-－﹣−]?)["“”＂]([^"“”＂]{1,200})["“”＂](?=$|[\s\u3000])/gu;
const EXCLUDED = /(^|[\s\u3000])[-－﹣−]([^\s\u3000"“”-][^\s\u3000"“”]*)/gu;

/**
 * @typedef {object} Query
 * @property {string[]} terms tokens that score, repeated as often as they are typed
 * @property {{text: string, tokens: string[]}[]} phrases that are asked for exactly
 * @property {string[][]} excluded tokens of each excluded word
 * @property {string[]} lone single Han, which stand for all pairs that begin with them
 */

/** The parts of the text before folding; `prepare` the index for their texts first. */
export function split(text) {
  let rest = String(text ?? "").slice(0, LONGEST);
  const exact = [];
  const excluded = [];
  rest = rest.replace(PHRASE, (_, _space, minus, phrase) => {
    (minus ? excluded : exact).push(phrase);
    return minus ? " " : ` ${phrase} `;
  });
  rest = rest.replace(EXCLUDED, (_, _space, word) => {
    excluded.push(word);
    return " ";
  });
  const few = (texts) => [...new Set(texts)].slice(0, MOST_NARROWING);
  return { rest, exact: few(exact), excluded: few(excluded) };
}

/** @returns {Query} */
export function understand({ rest, exact, excluded }, folding) {
  const asked = withoutQuestion(rest);
  const all = queryTokens(asked, folding).slice(0, MOST_TOKENS);
  const lone = all.filter((token) => isLoneHan(token, folding));
  const words = (text) => tokens(text, folding).filter(notReference);
  return {
    asked,
    terms: all.filter((token) => !lone.includes(token)),
    // A single Han says little beside others, and costs much: it counts only when it stands alone.
    lone: lone.length === all.length ? [...new Set(lone)].slice(0, 4) : [],
    phrases: exact.map((text) => ({ text, tokens: withoutEdges(words(text), folding) })).filter((one) => one.tokens.length),
    excluded: excluded.map(words).filter((one) => one.length),
  };
}

/** A lone Han at the edge of a phrase may be half of a pair where the phrase stands: 11月20日 in 11月20日前. */
function withoutEdges(words, folding) {
  const isInner = (word, at) => (at > 0 && at < words.length - 1) || !isLoneHan(word, folding);
  return words.filter(isInner);
}

const notReference = (token) => !token.startsWith("#");

/** The text without the words that only make it a question; all of it when nothing else is there. */
export function withoutQuestion(text) {
  const bare = text.replace(QUESTION, " ");
  return bare.trim() ? bare : text;
}

/**
 * Lay words of the text and the official ones to search with them.
 * @param {string[][]} thesaurus lay word (folded), then official words
 * @returns {{lay: string[], official: {word: string, tokens: string[]}[]}[]} tokens of the lay word, and the
 *   official words that the text does not hold already
 */
export function alsoSearch(text, thesaurus, folding) {
  const folded = folding.fold(text).toString();
  const added = new Set();
  const found = [];
  for (const [lay, ...words] of thesaurus) {
    if (!folded.includes(lay)) continue;
    const fresh = words.filter((word) => !added.has(word) && !folded.includes(folding.fold(word).toString()));
    fresh.forEach((word) => added.add(word));
    const official = fresh.map((word) => ({ word, tokens: tokens(word, folding) }));
    if (official.length && added.size <= MOST_OFFICIAL) found.push({ lay: tokens(lay, folding), official });
  }
  return found;
}
