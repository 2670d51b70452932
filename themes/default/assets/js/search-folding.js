/**
 * What characters count as the same: the client's side of generator/search/folding.py.
 *
 * Most texts need no table: ASCII, full-width ASCII and GB 2312 fold by rule, but for a few
 * exceptions that the entry file names. For all else the table is fetched once.
 */

export const OTHER = 0;
export const WORD = 1;
export const HAN = 2;

const HAN_RANGES = [
  [0x3005, 0x3005],
  [0x3007, 0x3007],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x323af],
];
const PUNCTUATION = "\u3000、。《》〈〉〔〕【】〖〗「」『』“”‘’—·×〇";

const isAsciiWord = (code) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
const isHan = (code) => HAN_RANGES.some(([first, last]) => code >= first && code <= last);

/** The Han of GB 2312 and the punctuation of everyday text, all of which fold to themselves (a space, the wide one). */
function everyday(exceptions) {
  const bytes = new Uint8Array(72 * 94 * 2);
  let at = 0;
  for (let high = 0xb0; high < 0xf8; high++) {
    for (let low = 0xa1; low < 0xff; low++) {
      bytes[at++] = high;
      bytes[at++] = low;
    }
  }
  const known = new Set();
  const listed = new TextDecoder("gbk").decode(bytes);
  for (const character of listed + PUNCTUATION) {
    const code = character.codePointAt(0);
    // Cells that GB 2312 leaves empty decode to private characters.
    if (code < 0xe000) known.add(code);
  }
  for (const character of exceptions + "\ufffd") known.delete(character.codePointAt(0));
  return known;
}

/** Reads the variable-length numbers of the table. */
function* numbers(bytes) {
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    if (byte < 128) {
      yield value;
      value = 0;
      scale = 1;
    } else scale *= 128;
  }
}

/** The table in full, as `encode_folding` writes it. */
class Table {
  constructor(bytes) {
    this.kinds = new Uint8Array(0x110000);
    this.changed = new Map();
    const stream = numbers(bytes);
    const next = () => stream.next().value;
    this.#readWords(next);
    for (const [first, last] of HAN_RANGES) this.kinds.fill(HAN, first, last + 1);
    this.#readSingles(next);
    this.#readOthers(next);
  }

  #readWords(next) {
    let end = 0;
    for (let left = next(); left > 0; left--) {
      const first = end + next();
      end = first + next();
      this.kinds.fill(WORD, first, end + 1);
    }
  }

  #readSingles(next) {
    let at = 0;
    for (let left = next(); left > 0; left--) {
      at += next();
      const shape = next();
      const folded = next();
      const difference = folded % 2 ? -(folded + 1) / 2 : folded / 2;
      const step = (shape & 1) + 1;
      for (let count = (shape >> 1) + 1; count > 0; count--) {
        this.changed.set(at, [at + difference]);
        at += step;
      }
      at -= step;
    }
  }

  #readOthers(next) {
    let at = 0;
    for (let left = next(); left > 0; left--) {
      at += next();
      const target = [];
      for (let count = next(); count > 0; count--) target.push(next());
      this.changed.set(at, target);
    }
  }
}

/** A text after folding: its code points, what each is, and where in the text each comes from. */
class Folded {
  constructor(room) {
    this.codes = new Uint32Array(room);
    this.kinds = new Uint8Array(room);
    this.starts = new Uint32Array(room + 1);
    this.length = 0;
  }

  push(code, kind, start) {
    if (this.length === this.codes.length) this.#grow();
    this.codes[this.length] = code;
    this.kinds[this.length] = kind;
    this.starts[this.length++] = start;
  }

  #grow() {
    const bigger = new Folded(this.codes.length * 2 + 16);
    bigger.codes.set(this.codes);
    bigger.kinds.set(this.kinds);
    bigger.starts.set(this.starts);
    ({ codes: this.codes, kinds: this.kinds, starts: this.starts } = bigger);
  }

  /** The folded text as a string. */
  toString() {
    let text = "";
    for (let at = 0; at < this.length; at += 4096) {
      text += String.fromCodePoint(...this.codes.subarray(at, Math.min(at + 4096, this.length)));
    }
    return text;
  }
}

export class Folding {
  #everyday;
  #table = null;

  /** @param {string} exceptions characters of GB 2312 that folding changes; the entry's `unfolded` */
  constructor(exceptions) {
    this.#everyday = everyday(exceptions);
  }

  /** Whether the text folds right with what is loaded, but for so many characters. */
  suffices(text, tolerated = 0) {
    if (this.#table) return true;
    let unknown = 0;
    for (const character of text) {
      const code = character.codePointAt(0);
      if (code < 0x80 || (code >= 0xff01 && code <= 0xff5e) || this.#everyday.has(code)) continue;
      if (++unknown > tolerated) return false;
    }
    return true;
  }

  /** Take the fetched table. */
  load(bytes) {
    this.#table = new Table(bytes);
  }

  /** @returns {Folded} */
  fold(text) {
    const folded = new Folded(text.length);
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at);
      if (this.#table) this.#foldByTable(folded, code, at);
      else this.#foldByRule(folded, code, at);
      at += code > 0xffff ? 2 : 1;
    }
    folded.starts[folded.length] = text.length;
    return folded;
  }

  #foldByTable(folded, code, at) {
    const { kinds, changed } = this.#table;
    const target = changed.get(code);
    if (target === undefined) folded.push(code, kinds[code], at);
    else for (const one of target) folded.push(one, kinds[one], at);
  }

  #foldByRule(folded, code, at) {
    let plain = code;
    if (plain >= 0xff01 && plain <= 0xff5e) plain -= 0xfee0;
    else if (plain === 0x3000) plain = 0x20;
    if (plain >= 65 && plain <= 90) plain += 32;
    folded.push(plain, isAsciiWord(plain) ? WORD : isHan(plain) ? HAN : OTHER, at);
  }
}
