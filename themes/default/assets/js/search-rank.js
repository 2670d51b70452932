/**
 * Postings → scores. `lunrScores` is lunr's own formula, rounding included; `Ranking` adds
 * what lunr lacks: passages, the title, official words beside lay ones.
 */

import { BODY, NUMBER, TITLE } from "./search-shards.js";

/** lunr's inverse document frequency: a term's documents are counted once a field. */
export function idf(lists, count) {
  let documents = 0;
  for (const list of lists) documents += list.documents.length;
  return Math.log(1 + Math.abs((count - documents + 0.5) / (documents + 0.5)));
}

/** What lunr divides by: k1 · (1 − b + b · length ÷ average), for each document. */
function norms(index, field) {
  index.norms ??= [];
  if (!index.norms[field]) {
    const { k1, b, fields } = index.entry;
    const mean = fields[field][2];
    index.norms[field] = Float64Array.from(index.lengths[field], (length) => k1 * (1 - b + b * (length / mean)));
  }
  return index.norms[field];
}

/** lunr's scores: each field's dot product by the length of the query's vector, summed over the fields. */
export function lunrScores(index, found, tokens) {
  const weights = counted(tokens);
  const scores = new Float64Array(index.count);
  let square = 0;
  for (const token of found.keys()) square += weights.get(token) ** 2;
  const length = Math.sqrt(square);
  const { k1, fields } = index.entry;
  for (const [token, lists] of found) {
    const rarity = idf(lists, index.count);
    const weight = weights.get(token) / length;
    for (const { field, documents, frequencies } of lists) {
      const norm = norms(index, field);
      const boost = fields[field][1];
      for (let at = 0; at < documents.length; at++) {
        const frequency = frequencies[at];
        const score = ((rarity * ((k1 + 1) * frequency)) / (norm[documents[at]] + frequency)) * boost;
        scores[documents[at]] += weight * (Math.round(score * 1000) / 1000);
      }
    }
  }
  return scores;
}

function counted(tokens) {
  const counts = new Map();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

/** The ranking of one query; its numbers are those of generator/search/weights.py, which the entry carries. */
export class Ranking {
  /**
   * @param {Map<string, import("./search-shards.js").List[]>} found of the query's own terms
   * @param {string[]} terms the query's own
   * @param {Map<string, import("./search-shards.js").List[]>} lists of these and of the official words
   * @param {{lay: string[], official: {tokens: string[]}[]}[]} added by the thesaurus
   */
  constructor(index, found, terms, lists, added) {
    this.index = index;
    this.weights = index.entry.weights;
    this.rarities = new Map();
    this.scores = new Float64Array(index.count);
    this.passages = new Float64Array(index.firstPassage[index.count]);
    this.cover = new Float64Array(index.count);
    this.inTitle = new Float64Array(index.count);
    this.titleTerms = new Uint16Array(index.count);
    this.numbered = new Uint8Array(index.count);
    this.seen = new Uint8Array(index.count);
    this.turn = 0;
    this.total = 0;
    const counts = counted(terms);
    // What no document holds weighs like what one holds.
    this.asked = Math.log(1 + index.count) * [...counts.keys()].filter((token) => !found.has(token)).length;
    for (const [token, lists] of found) {
      const rarity = idf(lists, index.count);
      this.rarities.set(token, rarity);
      this.total += rarity;
      this.asked += rarity;
      this.#add(lists, rarity, counts.get(token) ?? 1);
      this.#cover(token, lists, rarity);
    }
    const official = new Set(added.flatMap((one) => one.official.flatMap(({ tokens }) => tokens)));
    for (const token of official) {
      if (!found.has(token) && lists.has(token)) this.#add(lists.get(token), idf(lists.get(token), index.count), this.weights.official);
    }
    for (const one of added) this.#coverOfficial(one, lists);
    this.#combine();
  }

  #add(lists, rarity, weight) {
    const { index, scores } = this;
    const { k1, fields } = index.entry;
    for (const list of lists) {
      const { field, documents, frequencies } = list;
      const norm = norms(index, field);
      const factor = weight * rarity * (k1 + 1) * fields[field][1];
      for (let at = 0; at < documents.length; at++) {
        scores[documents[at]] += (factor * frequencies[at]) / (norm[documents[at]] + frequencies[at]);
      }
      if (field >= BODY) this.#addPassages(list, weight * rarity * (this.weights.passage_k1 + 1));
    }
  }

  /** A term's occurrences are taken as spread evenly over the passages that hold it. */
  #addPassages({ documents, frequencies, spreads, places }, factor) {
    const { passages, index } = this;
    const norm = passageNorms(index);
    let place = 0;
    for (let at = 0; at < documents.length; at++) {
      const document = documents[at];
      const frequency = frequencies[at] / spreads[at];
      const score = (factor * frequency) / (norm[document] + frequency);
      const first = index.firstPassage[document];
      for (const end = place + spreads[at]; place < end; place++) passages[first + places[place]] += score;
    }
  }

  #cover(token, lists, rarity) {
    const isNumber = token.startsWith("#") && token.includes("-");
    const { seen, cover } = this;
    const turn = this.#nextTurn();
    for (const { field, documents } of lists) {
      for (let at = 0; at < documents.length; at++) {
        const document = documents[at];
        if (seen[document] === turn) continue;
        seen[document] = turn;
        cover[document] += rarity;
      }
      if (field === TITLE) {
        for (const document of documents) {
          this.inTitle[document] += rarity;
          this.titleTerms[document]++;
        }
      }
      if (isNumber && (field === TITLE || field === NUMBER)) for (const document of documents) this.numbered[document] = 1;
    }
  }

  /** A mark for `seen` that no document bears yet. */
  #nextTurn() {
    if (this.turn === 255) this.seen.fill((this.turn = 0));
    return ++this.turn;
  }

  /** A document that holds an official word in full has as much evidence as one that holds the lay word. */
  #coverOfficial({ lay, official }, lists) {
    const { index, cover } = this;
    const evidence = new Float64Array(index.count);
    let all = 0;
    for (const token of lay) {
      const rarity = this.rarities.get(token);
      all += rarity ?? Math.log(1 + index.count);
      if (rarity) for (const document of documentsOf(lists.get(token) ?? [])) evidence[document] += rarity;
    }
    for (const { tokens } of official) {
      const counts = new Uint8Array(index.count);
      for (const token of tokens) for (const document of documentsOf(lists.get(token) ?? [])) counts[document]++;
      for (let document = 0; document < counts.length; document++) {
        if (counts[document] < tokens.length || evidence[document] >= all) continue;
        cover[document] += all - evidence[document];
        evidence[document] = all;
      }
    }
  }

  #combine() {
    const { index, scores, total, weights } = this;
    const lengths = index.lengths[TITLE];
    for (let document = 0; document < scores.length; document++) {
      if (!scores[document]) continue;
      scores[document] += weights.passages * this.#bestPassages(document);
      if (this.numbered[document]) scores[document] *= weights.document_number;
      if (!this.inTitle[document]) continue;
      const share = this.inTitle[document] / total;
      const whole = share * Math.min(1, this.titleTerms[document] / Math.max(1, lengths[document]));
      scores[document] *= 1 + weights.title_cover * share ** 6 + weights.title_exact * whole ** 2;
    }
  }

  #bestPassages(document) {
    const { passages, index, weights } = this;
    const begin = index.firstPassage[document];
    const end = index.firstPassage[document + 1];
    if (end === begin + 1) return weights.passage_shares[0] * passages[begin];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let at = begin; at < end; at++) {
      const score = passages[at];
      if (score <= d) continue;
      if (score > a) [a, b, c, d] = [score, a, b, c];
      else if (score > b) [b, c, d] = [score, b, c];
      else if (score > c) [c, d] = [score, c];
      else d = score;
    }
    const [first, second, third, fourth] = weights.passage_shares;
    return first * a + second * b + third * c + fourth * d;
  }

  /** The documents whose titles are worth comparing with the query: none when it is not like a title. */
  titled(hits) {
    const best = [...hits].sort((a, b) => this.scores[b] - this.scores[a] || b - a).slice(0, this.weights.compared);
    return best.filter((document) => this.inTitle[document] >= this.weights.title_like * this.total);
  }

  /** Take into account how much of the query stands in a title, in order. */
  rewardTitle(document, query, title) {
    const common = commonInOrder(query, title);
    const share = common / Math.max(1, query.length);
    this.scores[document] *= 1 + this.weights.title_order * share ** 16 * (0.5 + (0.5 * common) / Math.max(1, title.length));
  }

  /**
   * The passage of a document that says most, -1 when none says anything.
   * @param {Uint8Array | null} wanted 1 for each passage of which one comes first if it says anything
   */
  bestPassage(document, wanted = null) {
    const { passages, index } = this;
    let best = -1;
    let most = 0;
    let isWanted = false;
    for (let at = index.firstPassage[document]; at < index.firstPassage[document + 1]; at++) {
      if (!passages[at] || (isWanted && !wanted[at])) continue;
      if (passages[at] > most || (wanted?.[at] && !isWanted)) {
        most = passages[at];
        best = at - index.firstPassage[document];
        isWanted = wanted?.[at] === 1;
      }
    }
    return best;
  }

  /**
   * The documents that say enough of the query, in the order of their numbers.
   * @param {((document: number) => boolean) | null} allowed
   * @param {{hit: number, least: number}} shares see generator/search/weights.py
   */
  hits(allowed, { hit, least } = this.weights) {
    const { scores, cover, weights } = this;
    let most = 0;
    let best = 0;
    for (let document = 0; document < scores.length; document++) {
      if (!scores[document] || (allowed && !allowed(document))) continue;
      most = Math.max(most, cover[document]);
      best = Math.max(best, scores[document]);
    }
    const hits = [];
    if (most < least * this.asked) return hits;
    for (let document = 0; document < scores.length; document++) {
      if (!scores[document] || (allowed && !allowed(document))) continue;
      if (cover[document] >= hit * most || scores[document] >= weights.strong * best) hits.push(document);
    }
    return hits;
  }
}

/** The documents of all lists, each once. */
const documentsOf = (lists) => new Set(lists.flatMap(({ documents }) => [...documents]));

/** Length of the longest common subsequence. */
function commonInOrder(left, right) {
  let before = new Uint16Array(right.length + 1);
  for (const one of left) {
    const row = new Uint16Array(right.length + 1);
    for (let at = 0; at < right.length; at++) {
      row[at + 1] = one === right[at] ? before[at] + 1 : Math.max(before[at + 1], row[at]);
    }
    before = row;
  }
  return before[right.length];
}

function passageNorms(index) {
  if (!index.passageNorms) {
    const sizes = new Float64Array(index.count);
    let tokens = 0;
    for (let document = 0; document < index.count; document++) {
      const length = index.lengths[BODY][document] + index.lengths[BODY + 1][document];
      tokens += length;
      sizes[document] = length / index.passages[document];
    }
    const { passage_k1: k1, passage_b: b } = index.entry.weights;
    const mean = tokens / Math.max(1, index.firstPassage[index.count]) || 1;
    index.passageNorms = sizes.map((size) => k1 * (1 - b + b * (size / mean)));
  }
  return index.passageNorms;
}

/**
 * Which documents hold all these tokens in one of their short fields or in one passage.
 * @returns {{documents: Uint8Array, passages: Uint8Array}} 1 for each that does
 */
export function holding(index, found, tokens) {
  const wanted = [...new Set(tokens)];
  const documents = new Uint8Array(index.count);
  const passages = new Uint16Array(index.firstPassage[index.count]);
  const short = Array.from({ length: BODY }, () => new Uint16Array(index.count));
  for (const token of wanted) {
    for (const list of found.get(token) ?? []) {
      if (list.field < BODY) for (const document of list.documents) short[list.field][document]++;
      else eachPlace(index, list, (at) => passages[at]++);
    }
  }
  const enough = Uint8Array.from(passages, (count) => (count >= wanted.length ? 1 : 0));
  for (let document = 0; document < index.count; document++) {
    const passage = enough.subarray(index.firstPassage[document], index.firstPassage[document + 1]).includes(1);
    if (passage || short.some((counts) => counts[document] >= wanted.length)) documents[document] = 1;
  }
  return { documents, passages: enough };
}

function eachPlace(index, { documents, spreads, places }, visit) {
  let place = 0;
  for (let at = 0; at < documents.length; at++) {
    const first = index.firstPassage[documents[at]];
    for (const end = place + spreads[at]; place < end; place++) visit(first + places[place]);
  }
}
