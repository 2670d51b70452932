/** One query being answered: what is found, filtered, counted and shown. */

import { OTHER } from "./search-folding.js";
import { listsOf } from "./search-index.js";
import { alsoSearch, split, understand } from "./search-query.js";
import { Ranking, holding, idf } from "./search-rank.js";
import { cutSnippet, marked } from "./search-snippets.js";
import { isArticle } from "./search-tokens.js";

const DAY = 86_400_000;
const DAY_ZERO = Date.UTC(1900, 0, 1);
const LONE_SHARDS = 24;
const MOST_LIMIT = 100;
/** Passages of one document that are looked through for an exact phrase. */
const MOST_TRIED = 24;
const LONGEST_TITLE = 200;
/** Share of a text's characters for which the table is not fetched when only marks depend on them. */
const RARE = 0.04;

/** Of each category its id and those of all that it stands under. */
function lineages({ categories }) {
  const above = new Map(categories.map(([id, , parent]) => [id, parent]));
  const lineage = (id) => (id ? [id, ...lineage(above.get(id))] : []);
  return categories.map(([id]) => lineage(id));
}

const isoDay = (day) => new Date(DAY_ZERO + day * DAY).toISOString().slice(0, 10);
const yearOf = (day) => isoDay(day).slice(0, 4);
const dayOf = (iso) => {
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : Math.round((time - DAY_ZERO) / DAY);
};
const whole = (value, otherwise, most) => {
  const number = Math.floor(Number(value));
  return Number.isFinite(number) && number >= 0 ? Math.min(number, most) : otherwise;
};

/** One query being answered. */
export class Answer {
  constructor(index, warnings, options) {
    this.index = index;
    this.warnings = warnings;
    this.options = options ?? {};
    this.limit = whole(this.options.limit, 10, MOST_LIMIT);
    this.offset = whole(this.options.offset, 0, index.count);
  }

  async to(text) {
    const { index } = this;
    const parts = split(text);
    await this.#prepare([parts.rest, ...parts.exact, ...parts.excluded]);
    this.asked = understand(parts, index.folding);
    const added = alsoSearch(this.asked.asked, await index.widening(this.warnings), index.folding);
    const official = added.flatMap((one) => one.official);
    const { terms, lone, phrases, excluded } = this.asked;
    const lists = await index.lists([terms, ...official.map((one) => one.tokens), ...phrases.map((one) => one.tokens), ...excluded].flat(), this.warnings);
    const own = listsOf(lists, terms);
    for (const han of lone) {
      for (const [term, found] of await index.listsBeginning(han, LONE_SHARDS, this.warnings)) own.set(term, found);
    }
    this.lists = lists;
    this.alsoSearched = official.filter((one) => one.tokens.every((token) => lists.has(token))).map((one) => one.word);
    this.ranking = new Ranking(index, own, terms, lists, added);
    const hits = this.ranking.hits(this.#condition(), this.#shares());
    await this.#compareTitles(hits);
    return this.#page(hits);
  }

  /** How much a document must say. Of terms whose shard cannot be read nobody knows that no document has them. */
  #shares() {
    const { hit, least } = this.index.entry.weights;
    if (this.asked.lone.length) return { hit: 0, least: 0 };
    return { hit, least: this.warnings.has("shard") ? 0 : least };
  }

  /** A folding table that cannot be had costs traditional characters, nothing else. */
  #prepare(texts, share) {
    return this.index.attempt(() => this.index.prepare(texts, share), undefined, this.warnings, "folding");
  }

  /** Which documents hold every phrase and no excluded word; nothing when that is not asked. */
  #condition() {
    const { index, lists } = this;
    const { phrases, excluded } = this.asked;
    this.phrases = [];
    if (!phrases.length && !excluded.length) return null;
    const required = phrases.map(({ tokens: phrase }) => holding(index, lists, phrase));
    const forbidden = excluded.map((word) => holding(index, lists, word));
    this.phrases = required.map(({ passages }, at) => ({ text: phrases[at].text, passages }));
    return (document) =>
      required.every((one) => one.documents[document]) && !forbidden.some((one) => one.documents[document]);
  }

  /** A query that is like a title goes to the title that holds it in order. */
  async #compareTitles(hits) {
    if (this.options.sort === "date") return;
    const { index, ranking, warnings } = this;
    const asked = characters(this.asked.asked, index.folding);
    await Promise.all(
      ranking.titled(hits).map(async (document) => {
        const block = await index.attempt(() => index.result(document), null, warnings, "result");
        if (!block) return;
        await this.#prepare([block[1]], RARE);
        ranking.rewardTitle(document, asked, characters(block[1], index.folding));
      }),
    );
  }

  async #page(hits) {
    const filters = this.#filters();
    const passing = hits.filter((document) => Object.values(filters).every((passes) => passes(document)));
    const { scores } = this.ranking;
    if (this.options.sort === "date") passing.sort((a, b) => b - a);
    else passing.sort((a, b) => scores[b] - scores[a] || b - a); // what says the same: newest first
    const answer = (results, wrong = 0) => ({
      total: passing.length - wrong,
      facets: this.#facets(hits, filters),
      alsoSearched: this.alsoSearched,
      results,
      warnings: [...this.warnings],
    });
    if (this.options.onTitles && !this.phrases.length) {
      const first = passing.slice(this.offset, this.offset + this.limit);
      const titles = await Promise.all(first.map((document) => this.#head(document)));
      this.options.onTitles(answer(titles.filter(Boolean)));
    }
    const { shown, wrong } = await this.#shown(passing);
    return answer(shown, wrong);
  }

  #filters() {
    const { columns, entry } = this.index;
    const { unit, category, year, validity, from, to } = this.options;
    const filters = {};
    const given = (value) => value !== undefined && value !== null && value !== "";
    const among = (column, values, wanted) => {
      const place = values.indexOf(String(wanted));
      return (document) => column[document] === place;
    };
    if (given(unit)) filters.unit = among(columns.unit, entry.units.map((one) => one[0]), unit);
    if (given(category)) {
      const isWanted = lineages(entry).map((one) => one.includes(String(category)));
      filters.category = (document) => isWanted[columns.category[document]];
    }
    if (given(validity)) filters.validity = among(columns.validity, entry.validities, validity);
    if (given(year)) filters.year = (document) => yearOf(columns.day[document]) === String(year);
    const [low, high] = [dayOf(from), dayOf(to)];
    if (low !== undefined) filters.from = (document) => columns.day[document] >= low;
    if (high !== undefined) filters.to = (document) => columns.day[document] <= high;
    return filters;
  }

  /** For each filter: how many hits each of its values would leave, the other filters as they are. */
  #facets(hits, filters) {
    const { columns, entry } = this.index;
    const among = (column, values) => (document) => values[column[document]];
    const values = {
      unit: among(columns.unit, entry.units.map(([id]) => [id])),
      category: among(columns.category, lineages(entry)),
      year: (document) => [yearOf(columns.day[document])],
      validity: among(columns.validity, entry.validities.map((one) => (one ? [one] : []))),
    };
    const facets = {};
    for (const [name, valuesOf] of Object.entries(values)) {
      const others = Object.entries(filters).filter(([other]) => other !== name).map(([, passes]) => passes);
      const counts = new Map();
      for (const document of hits) {
        if (!others.every((passes) => passes(document))) continue;
        for (const value of valuesOf(document)) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const byYear = (a, b) => (a[0] < b[0] ? 1 : -1);
      facets[name] = [...counts].sort(name === "year" ? byYear : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    }
    return facets;
  }

  /**
   * The results of this page. Those whose text has not the exact phrase after all are left out; where this page begins
   * depends on how many they were on the pages before, whose texts are read again, unless it is far down.
   */
  async #shown(passing) {
    const shown = [];
    let wrong = 0;
    let next = this.phrases.length && this.offset <= MOST_LIMIT ? 0 : this.offset;
    let before = this.offset - next;
    while (shown.length < this.limit && next < passing.length && wrong <= MOST_LIMIT) {
      const batch = passing.slice(next, next + before + this.limit - shown.length);
      next += batch.length;
      for (const result of await Promise.all(batch.map((document) => this.#result(document)))) {
        if (result === "wrong") wrong++;
        else if (before > 0) before--;
        else if (result) shown.push(result);
      }
    }
    return { shown, wrong };
  }

  /** A result without its snippet; nothing when its block cannot be read. */
  async #head(document) {
    const { index, warnings } = this;
    const { columns, entry } = index;
    const block = await index.attempt(() => index.result(document), null, warnings, "result");
    if (!block) return null;
    const title = block[1];
    return {
      item: index.itemOf(document, block),
      url: index.addressOf(document, block),
      anchor: "",
      title,
      titleHighlights: marked(title, this.#weights(), index.folding).map(({ start, end }) => [start, end]),
      unit: entry.units[columns.unit[document]][0],
      category: entry.categories[columns.category[document]][0],
      date: isoDay(columns.day[document]),
      documentNumber: block[2],
      validity: entry.validities[columns.validity[document]],
      score: this.ranking.scores[document],
      snippet: "",
      highlights: [],
      cuts: [false, false],
    };
  }

  async #result(document) {
    const { index, warnings } = this;
    const head = await this.#head(document);
    if (!head) return null;
    const block = await index.result(document);
    const place = await this.#placeOf(document, block);
    if (place === undefined) return "wrong";
    const passage = await this.#passage(document, place, block);
    const text = passage?.text || head.title;
    await this.#prepare([text, head.title], RARE);
    return {
      ...head,
      anchor: passage && place > 0 ? passage.anchor : "",
      ...cutSnippet(text, this.#weights(), index.folding),
    };
  }

  #passage(document, place, [, , , texts]) {
    return this.index.attempt(() => this.index.passage(document, place, texts), null, this.warnings, "text");
  }

  /** The passage to show: where a phrase or article stands if one was asked for, else the best; none if a phrase stands nowhere. */
  async #placeOf(document, block) {
    let shown;
    for (const phrase of this.phrases) {
      const place = await this.#placeOfPhrase(phrase, document, block);
      if (place === undefined && !(await this.#holds([block[1], block[2]], phrase.text))) return undefined;
      shown ??= place;
    }
    return shown ?? Math.max(0, this.ranking.bestPassage(document, this.#withArticle()));
  }

  /** The passages that hold an article that is asked for by its number, if one is. */
  #withArticle() {
    const articles = this.asked.terms.filter(isArticle);
    if (articles.length && !this.articles) {
      const each = articles.map((one) => holding(this.index, this.lists, [one]).passages);
      this.articles = each[0].map((_, at) => (each.some((one) => one[at]) ? 1 : 0));
    }
    return this.articles;
  }

  /** The first passage with the phrase, among those that have its words. */
  async #placeOfPhrase({ text, passages }, document, block) {
    const { firstPassage } = this.index;
    const own = passages.subarray(firstPassage[document], firstPassage[document + 1]);
    let tried = 0;
    for (let place = own.indexOf(1); place >= 0 && tried < MOST_TRIED; place = own.indexOf(1, place + 1)) {
      tried++;
      const passage = await this.#passage(document, place, block);
      if (passage && (await this.#holds([passage.text], text))) return place;
    }
    return undefined;
  }

  /** Whether the phrase stands in one of the texts, whatever the blanks. */
  async #holds(texts, phrase) {
    await this.#prepare(texts);
    const folded = (one) => this.index.folding.fold(one).toString().replace(/\s+/g, "");
    return texts.some((one) => folded(one).includes(folded(phrase)));
  }

  #weights() {
    if (!this.weights) {
      this.weights = new Map(this.ranking.rarities);
      for (const [token, lists] of this.lists) if (!this.weights.has(token)) this.weights.set(token, idf(lists, this.index.count));
      for (const token of this.asked.excluded.flat()) this.weights.delete(token);
      // An article that is named by its number is what is asked for, however many papers name one of that number.
      const most = Math.max(...this.weights.values());
      for (const token of this.weights.keys()) if (isArticle(token)) this.weights.set(token, most);
    }
    return this.weights;
  }
}

/** The letters, digits and Han of a text, as code points. */
function characters(text, folding) {
  const { codes, kinds, length } = folding.fold(text.slice(0, LONGEST_TITLE));
  return codes.subarray(0, length).filter((_, at) => kinds[at] !== OTHER);
}
