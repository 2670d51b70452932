/**
 * The index as it lies on the server: what is fetched, when, and what is done when it fails.
 *
 * Only the entry file has a fixed name; all others are named after their content and never
 * change. A file that is gone or damaged means that the index was published anew (then the
 * entry says so, and the query starts again with the new one) or that it is broken (then
 * the query goes on without it and says so).
 */

import { ByteReader, DamagedError } from "./search-bytes.js";
import { Folding } from "./search-folding.js";
import { FIELDS, decodeChunk, decodeEntries, decodeRoot, decodeShard, placeOf } from "./search-shards.js";
import { isWord, keyOf } from "./search-tokens.js";

const RESULTS_PER_BLOCK = 8;
const PASSAGES_PER_FILE = 6;
const KNOWN_FORMAT = 1;
const KEPT_TEXTS = 400;

/** The index was published anew: start again. */
export class StaleError extends Error {}

const json = (bytes) => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new DamagedError("no JSON");
  }
};

/** One published state of the index. */
export class Index {
  #fetch;
  #base;
  #held = new Map();
  #root;

  constructor(base, fetch, entryText) {
    this.#base = base;
    this.#fetch = fetch;
    this.entryText = entryText;
    this.entry = JSON.parse(entryText);
    if (this.entry.format !== KNOWN_FORMAT) throw new Error("the search index has a format that this page does not know");
    this.folding = new Folding(this.entry.unfolded);
  }

  /** Read the entry and what every query needs. */
  static async open(base, fetch) {
    const index = new Index(base, fetch, await readEntry(base, fetch));
    await index.#begin();
    return index;
  }

  /** Whether the server has another index by now. */
  async isStale() {
    return (await readEntry(this.#base, this.#fetch)) !== this.entryText;
  }

  async #begin() {
    const { entry } = this;
    this.thesaurus(); // set out with the others; who asks for it hears whether it came
    const [root, ...chunks] = await Promise.all([
      this.#bytes(`root-${entry.root}.bin`),
      ...entry.columns.map((name) => this.#bytes(`columns-${name}.bin`)),
    ]);
    this.#root = decodeRoot(root);
    this.#join(chunks.map(decodeChunk));
  }

  /** Each lay word with its official ones. */
  thesaurus() {
    return this.#once(`thesaurus-${this.entry.thesaurus}.json`, json);
  }

  /** The same; a question is answered as it is where they cannot be had. */
  widening(warnings) {
    return this.attempt(() => this.thesaurus(), [], warnings, "thesaurus");
  }

  /** The columns of all chunks as one, and what is derived from them. */
  #join(chunks) {
    const count = this.entry.documents;
    const joined = (name) => {
      const column = new Uint32Array(count);
      let at = 0;
      for (const chunk of chunks) {
        column.set(chunk.columns[name], at);
        at += chunk.columns[name].length;
      }
      return column;
    };
    this.count = count;
    this.columns = Object.fromEntries(["unit", "category", "validity", "day"].map((name) => [name, joined(name)]));
    this.lengths = Array.from({ length: FIELDS }, (_, field) => joined(`length${field}`));
    this.passages = joined("passages");
    this.firstPassage = new Uint32Array(count + 1);
    for (let at = 0; at < count; at++) this.firstPassage[at + 1] = this.firstPassage[at] + this.passages[at];
    this.blocks = chunks.flatMap((chunk) => chunk.blocks);
  }

  /**
   * Make sure that these texts fold right: fetches the table if one needs it.
   * @param {number} share of characters that may remain as they are, where only marking depends on it
   */
  async prepare(texts, share = 0) {
    if (texts.every((text) => this.folding.suffices(text, share * text.length))) return;
    const bytes = await this.#bytes(`folding-${this.entry.folding}.bin`);
    this.folding.load(bytes);
  }

  /**
   * The lists of each token that the index has; what cannot be read is noted in `warnings`.
   * @returns {Promise<Map<string, import("./search-shards.js").List[]>>}
   */
  async lists(tokens, warnings) {
    const found = new Map();
    await Promise.all(
      [...new Set(tokens)].map(async (token) => {
        try {
          const shard = await this.#shardOf(token);
          const lists = shard?.get(token);
          if (lists) found.set(token, lists);
        } catch (error) {
          await this.#excuse(error, warnings, "shard");
        }
      }),
    );
    return found;
  }

  /** The lists of all terms that begin with one Han, from at most `most` shards. */
  async listsBeginning(han, most, warnings) {
    const found = new Map();
    const { words, han: pairs } = this.#root;
    // Beyond the basic plane its terms are words.
    const range = isWord(han) ? [words, han, `${han}\u{10ffff}`] : [pairs, keyOf(han), keyOf(han) + 0xffff];
    try {
      for (const shard of await this.#shardsBetween(...range, most)) {
        for (const [term, lists] of shard) if (term.startsWith(han)) found.set(term, lists);
      }
    } catch (error) {
      await this.#excuse(error, warnings, "shard");
    }
    return found;
  }

  async #shardsBetween(root, low, high, most) {
    const within = ({ firsts, names }) => names.slice(Math.max(0, placeOf(firsts, low)), placeOf(firsts, high) + 1);
    const shards = [];
    for (const page of within(root)) {
      if (shards.length < most) shards.push(...within(await this.#page(page)));
    }
    return Promise.all(shards.slice(0, most).map((name) => this.#shard(name)));
  }

  async #shardOf(token) {
    const word = isWord(token);
    const term = word ? token : keyOf(token);
    const root = word ? this.#root.words : this.#root.han;
    const page = placeOf(root.firsts, term);
    if (page < 0) return undefined;
    const entries = await this.#page(root.names[page]);
    return this.#shard(entries.names[placeOf(entries.firsts, term)]);
  }

  #page(name) {
    return this.#once(`pages/${name}.bin`, (bytes) => decodeEntries(new ByteReader(bytes)));
  }

  #shard(name) {
    return this.#once(`shards/${name}.bin`, (bytes) => decodeShard(bytes, this.passages));
  }

  /** What is shown of a document: slug, title, document number, name of its texts. */
  async result(document) {
    const name = this.blocks[Math.floor(document / RESULTS_PER_BLOCK)];
    const block = await this.#once(`results/${name}.json`, json);
    return block[document % RESULTS_PER_BLOCK];
  }

  /** The item of a document, given its block: unit, category and slug. */
  itemOf(document, [slug]) {
    const { entry, columns } = this;
    return `${entry.units[columns.unit[document]][0]}/${entry.categories[columns.category[document]][0]}/${slug}`;
  }

  /** Its page: from the portal's root, or absolute where the unit has a host of its own. */
  addressOf(document, [slug]) {
    const { entry, columns } = this;
    const parts = [entry.categories[columns.category[document]][0], `${slug}.html`];
    return entry.units[columns.unit[document]][2] + parts.map(encodeURIComponent).join("/");
  }

  /** Anchor and text of one passage of a document. */
  async passage(document, place, texts) {
    const count = this.passages[document];
    const files = Math.ceil(count / PASSAGES_PER_FILE);
    const number = Math.floor((place * files) / count);
    const first = Math.ceil((number * count) / files);
    const held = await this.#once(`text/${texts}-${number}.json`, json);
    const [anchor, text] = held[place - first];
    return { anchor, text };
  }

  /** A failure costs its part of the answer, unless there is a new index to ask. */
  async #excuse(error, warnings, part) {
    if (error instanceof StaleError) throw error;
    if (await this.isStale().catch(() => false)) throw new StaleError();
    warnings.add(part);
  }

  /** Run `read`; when it fails, note it and give `otherwise`. */
  async attempt(read, otherwise, warnings, part) {
    try {
      return await read();
    } catch (error) {
      await this.#excuse(error, warnings, part);
      return otherwise;
    }
  }

  #once(path, decode) {
    let held = this.#held.get(path);
    if (!held) {
      held = this.#bytes(path).then(decode);
      // A failed reading is not remembered: the next query tries again.
      held.catch(() => this.#held.delete(path));
      this.#held.set(path, held);
      if (this.#held.size > KEPT_TEXTS * 10) this.#forget();
    }
    return held;
  }

  /** Bounds the memory of a page that is open for long. */
  #forget() {
    for (const path of this.#held.keys()) {
      if (this.#held.size <= KEPT_TEXTS * 5) break;
      this.#held.delete(path);
    }
  }

  async #bytes(path) {
    const response = await this.#fetch(`${this.#base}search/${path}`);
    if (!response.ok) throw new DamagedError(`${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** Those of the lists that are of the wanted tokens. */
export const listsOf = (lists, wanted) =>
  new Map([...new Set(wanted)].filter((one) => lists.has(one)).map((one) => [one, lists.get(one)]));

async function readEntry(base, fetch) {
  const response = await fetch(`${base}search/entry.json`, { cache: "no-cache" });
  if (!response.ok) throw new Error(`the search index cannot be read (${response.status})`);
  return await response.text();
}
