/**
 * The files of the index → values: shards, pages of the directory, columns.
 * The formats are those of generator/search/{shards,directory,columns}.py.
 */

import { ByteReader, CodeReader, DamagedError, bitLength, frontDecode, riceWidth } from "./search-bytes.js";

export const FIELDS = 6;
export const TITLE = 0;
export const NUMBER = 1;
export const BODY = 4;
const MASK_BITS = 6;
const FIRST_HAN = 0x3000;
const NAME_BYTES = 7;
const WORD_SHARD = 1;

/**
 * Postings of one term in one field.
 * @typedef {{field: number, documents: Uint32Array, frequencies: Uint32Array,
 *   spreads: Uint32Array, places: Uint32Array}} List
 */

/** One shard: @returns {Map<string, List[]>} the lists of each of its terms, in the order of the terms */
export function decodeShard(bytes, passages) {
  const reader = new ByteReader(bytes);
  const kind = reader.byte();
  const bits = reader.byte();
  const gapWidth = reader.byte();
  const count = reader.varint();
  const words = kind === WORD_SHARD ? frontDecode(reader.take(reader.varint()), count) : null;
  const unary = reader.take(reader.varint());
  const codes = new CodeReader(unary, reader.rest());
  const terms = words ?? decodeTerms(codes, count, gapWidth);
  const lists = decodeLists(codes, count);
  for (const list of lists) decodeDocuments(codes, list, bits, passages.length);
  for (const list of lists) list.frequencies = Uint32Array.from(list.documents, () => codes.gamma());
  decodePlaces(codes, lists, passages);
  const found = new Map(terms.map((term) => [term, []]));
  for (const list of lists) found.get(terms[list.term]).push(list);
  return found;
}

function decodeTerms(codes, count, gapWidth) {
  const gaps = Array.from({ length: count }, () => codes.gamma() - 1);
  const terms = [];
  let first = FIRST_HAN;
  let second = 0;
  gaps.forEach((gap, index) => {
    first += gap;
    second = gap || index === 0 ? codes.gamma() - 1 : second + codes.rice(gapWidth) + 1;
    terms.push(String.fromCharCode(first) + (second ? String.fromCharCode(second + FIRST_HAN) : ""));
  });
  return terms;
}

function decodeLists(codes, count) {
  const lists = [];
  for (let term = 0; term < count; term++) {
    const code = codes.unary();
    const mask = code === 0 ? 1 << BODY : code === 1 ? (1 << BODY) | 1 : codes.fixed(MASK_BITS);
    for (let field = 0; field < FIELDS; field++) if ((mask >> field) & 1) lists.push({ term, field });
  }
  for (const list of lists) list.documents = new Uint32Array(codes.gamma());
  return lists;
}

function decodeDocuments(codes, list, bits, documentCount) {
  const width = riceWidth(2 ** bits, list.documents.length);
  let document = -1;
  for (let at = 0; at < list.documents.length; at++) {
    document += codes.rice(width) + 1;
    list.documents[at] = document;
  }
  if (document >= documentCount) throw new DamagedError("a document number is too large");
}

/** Sections 7 to 9: in how many passages, then which. */
function decodePlaces(codes, lists, passages) {
  for (const list of lists) {
    const { documents, frequencies, field } = list;
    list.spreads = new Uint32Array(documents.length);
    if (field < BODY) continue;
    for (let at = 0; at < documents.length; at++) {
      const room = Math.min(frequencies[at], passages[documents[at]]);
      list.spreads[at] = room > 1 ? room - codes.unary() : room;
    }
  }
  for (const list of lists) {
    list.places = new Uint32Array(list.spreads.reduce((sum, one) => sum + one, 0));
    eachSpread(list, (at, start) => {
      if (list.spreads[at] === 1) list.places[start] = codes.fixed(bitLength(passages[list.documents[at]] - 1));
    });
  }
  for (const list of lists) {
    eachSpread(list, (at, start) => {
      const spread = list.spreads[at];
      if (spread < 2) return;
      const width = riceWidth(passages[list.documents[at]], spread);
      let place = -1;
      for (let index = 0; index < spread; index++) list.places[start + index] = place += codes.rice(width) + 1;
    });
  }
}

function eachSpread(list, visit) {
  let start = 0;
  for (let at = 0; at < list.spreads.length; at++) {
    visit(at, start);
    start += list.spreads[at];
  }
}

/**
 * A page of the directory, or a half of its root.
 * @returns {{firsts: number[] | string[], names: string[]}} first term and name of each entry
 */
export function decodeEntries(reader) {
  const count = reader.varint();
  let firsts = [];
  if (reader.byte()) {
    firsts = frontDecode(reader.take(reader.varint()), count);
  } else {
    let key = 0;
    for (let index = 0; index < count; index++) firsts.push((key += reader.varint()));
  }
  const names = Array.from({ length: count }, () => hexadecimal(reader.take(NAME_BYTES)));
  return { firsts, names };
}

/** The root: the pages of Han terms, then those of words. */
export function decodeRoot(bytes) {
  const reader = new ByteReader(bytes);
  return { han: decodeEntries(reader), words: decodeEntries(reader) };
}

const COLUMNS = ["unit", "category", "validity", "day", "length0", "length1", "length2", "length3", "length4", "length5"];
const CONSTANT = 255;

/** One chunk of columns: an array a column, and the names of its blocks of results. */
export function decodeChunk(bytes) {
  const reader = new ByteReader(bytes);
  const count = reader.varint();
  const firstDay = reader.varint();
  const columns = {};
  for (const name of [...COLUMNS, "passages"]) columns[name] = decodeColumn(reader, count);
  columns.day[0] = firstDay;
  for (let at = 1; at < count; at++) columns.day[at] += columns.day[at - 1];
  const rest = reader.rest();
  const blocks = [];
  for (let at = 0; at < rest.length; at += NAME_BYTES) blocks.push(hexadecimal(rest.subarray(at, at + NAME_BYTES)));
  return { columns, blocks };
}

function decodeColumn(reader, count) {
  const width = reader.byte();
  const low = reader.varint();
  if (width === CONSTANT) return new Uint32Array(count).fill(low);
  const unary = reader.take(reader.varint());
  const codes = new CodeReader(unary, reader.take((count * width + 7) >> 3));
  return new Uint32Array(count).map(() => low + codes.rice(width));
}

function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The last index whose first term is not after `term`, or -1; strings are compared by code points. */
export function placeOf(firsts, term) {
  const isAfter = typeof term === "string" ? (one) => compare(one, term) > 0 : (one) => one > term;
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(firsts[middle])) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/** Order of strings by code points, as Python has it. */
export function compare(left, right) {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const [a, b] = [left.codePointAt(at), right.codePointAt(at)];
    if (a !== b) return a - b;
    if (a > 0xffff) at++;
  }
  return left.length - right.length;
}
