/**
 * Text → tokens: the client's side of generator/search/tokens.py, token for token.
 */

import { HAN, WORD } from "./search-folding.js";

const YEAR = "((?:19|20)[0-9]{2})";
const DOCUMENT_NUMBER = new RegExp(
  `(?:[〔\\[(【] {0,2}${YEAR} {0,2}[〕\\])】] {0,2}|${YEAR} {0,2}(?:年| ) {0,2})` +
    "(?:第 {0,2})?([0-9]{1,5}) {0,2}号",
  "gu",
);
const ARTICLE = /第 {0,2}([0-9]{1,5}|[〇零一二三四五六七八九十百千]{1,9}) {0,2}条/gu;
const DIGITS = "〇一二三四五六七八九";
const UNITS = { 十: 10, 百: 100, 千: 1000 };
const LONGEST_WORD = 64;

/** `五十四` → 54; plain digits too. */
export function chineseNumber(text) {
  if (/^[0-9]+$/.test(text)) return Number(text);
  let total = 0;
  let current = 0;
  for (const character of text) {
    if (character in UNITS) {
      total += (current || 1) * UNITS[character];
      current = 0;
    } else current = current * 10 + Math.max(0, DIGITS.indexOf(character));
  }
  return total + current;
}

/**
 * Visits the tokens of runs with their places, in reading order; references are not among them.
 * @param {(kind: number, start: number, end: number) => void} visit places are indices of code points
 */
export function eachToken(folded, visit) {
  const { kinds, length } = folded;
  for (let start = 0; start < length; ) {
    const kind = kinds[start];
    let end = start + 1;
    while (end < length && kinds[end] === kind) end++;
    if (kind === WORD || (kind === HAN && end === start + 1)) visit(kind, start, Math.min(end, start + LONGEST_WORD));
    else if (kind === HAN) for (let at = start; at + 1 < end; at++) visit(kind, at, at + 2);
    start = end;
  }
}

/** The references in a folded text, document numbers first: token, and the code units that it stands on. */
export function references(text) {
  const found = [];
  const add = (token, match) => found.push({ token, start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(DOCUMENT_NUMBER)) {
    // A look-behind would say this, but not every browser in use knows it.
    if (match[2] && /[0-9]/.test(text[match.index - 1] ?? "")) continue;
    add(`#${match[1] ?? match[2]}-${Number(match[3])}`, match);
  }
  for (const match of text.matchAll(ARTICLE)) add(`#${chineseNumber(match[1])}条`, match);
  return found;
}

/** The tokens of a text; `folding` must suffice for it. */
export function tokens(text, folding) {
  const folded = folding.fold(text);
  const found = [];
  eachToken(folded, (_, start, end) => found.push(String.fromCodePoint(...folded.codes.subarray(start, end))));
  return [...found, ...references(folded.toString()).map((one) => one.token)];
}

/** The same for a query: an article is looked up by its number alone, so that 第五十四条 and 第54条 are alike. */
export function queryTokens(text, folding) {
  const folded = folding.fold(text).toString();
  const articles = [...folded.matchAll(ARTICLE)].map((match) => `#${chineseNumber(match[1])}条`);
  return [...tokens(folded.replace(ARTICLE, " "), folding), ...articles];
}

/** Whether a token is an article by its number. */
export const isArticle = (token) => token.startsWith("#") && token.endsWith("条");

/** Whether a token is one Han, which stands for all pairs that begin with it. */
export function isLoneHan(token, folding) {
  const folded = folding.fold(token);
  return folded.length === 1 && folded.kinds[0] === HAN;
}

/** Whether a token is a word, a reference, or a pair with Han beyond the basic plane: kept in shards of words. */
export function isWord(token) {
  const codes = [...token];
  return codes.length > 2 || codes.some((one) => one > "\uffff" || !isBasicHan(one.codePointAt(0)));
}

const isBasicHan = (code) =>
  code === 0x3005 ||
  code === 0x3007 ||
  (code >= 0x3400 && code <= 0x4dbf) ||
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0xf900 && code <= 0xfaff);

/** The key of a token that is no word. */
export function keyOf(token) {
  return token.charCodeAt(0) * 0x10000 + (token.length > 1 ? token.charCodeAt(1) : 0);
}
