/**
 * Search over the whole cluster from static files; no DOM, the same in browsers and in Node.
 *
 *     const search = await openSearch("https://example.gov.cn/", { fetch });
 *     const answer = await search.query("怎么申请法律援助", { unit: "sfj", limit: 10 });
 *
 * Reads `<portalUrl>search/…` through the given `fetch` only. Nothing that is asked leaves
 * the reader's machine but the names of the index's files.
 */

import { Answer } from "./search-answer.js";
import { Index, StaleError } from "./search-index.js";
import { lunrScores } from "./search-rank.js";
import { suggest } from "./search-suggest.js";

const MOST_SCORED = 100;

/**
 * @param {string} portalUrl where the index's `search/` lies; ends with a slash
 * @param {{fetch?: typeof fetch}} options
 */
export async function openSearch(portalUrl, { fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const search = new Search(portalUrl, fetch);
  await search.reopen();
  return search;
}

class Search {
  #url;
  #fetch;
  #index = null;
  #names = null;

  constructor(portalUrl, fetch) {
    this.#url = portalUrl;
    this.#fetch = fetch;
  }

  /** Read the entry again. */
  async reopen() {
    this.#index = await Index.open(this.#url, this.#fetch);
    this.#names = namesOf(this.#index.entry);
  }

  /** Run on the index; once more when it was published anew meanwhile. */
  async #run(ask) {
    const warnings = new Set();
    try {
      return await ask(this.#index, warnings);
    } catch (error) {
      if (!(error instanceof StaleError)) throw error;
      await this.reopen();
      warnings.clear();
      return await ask(this.#index, warnings);
    }
  }

  /**
   * @param {string} text
   * @param {{unit?: string, category?: string, year?: string | number, validity?: string,
   *   from?: string, to?: string, sort?: "relevance" | "date", limit?: number, offset?: number,
   *   onTitles?: (answer: object) => void}} options
   *   days as `2024-05-31`; `onTitles` gets the answer as soon as all but the snippets is there
   */
  query(text, options = {}) {
    return this.#run((index, warnings) => new Answer(index, warnings, options).to(text));
  }

  /** See `namesOf`. */
  get names() {
    return this.#names;
  }

  /** Titles and document numbers that the beginning of a query may mean. */
  suggest(text) {
    return this.#run((index, warnings) => suggest(index, warnings, text));
  }

  /** lunr's own scores, before any re-ranking: the best `MOST_SCORED`, ties by item. */
  scoreTerms(terms) {
    return this.#run(async (index, warnings) => {
      const found = await index.lists(terms, warnings);
      const scores = lunrScores(index, found, terms);
      const best = top(scores, [...scores.keys()].filter((document) => scores[document] > 0), MOST_SCORED);
      const scored = await Promise.all(
        best.map(async (document) => [index.itemOf(document, await index.result(document)), scores[document]]),
      );
      return scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    });
  }
}

/** What the values of the filters are called, what each category stands under, where the portal and the units' sites are. */
const namesOf = ({ units, categories, portal }) => ({
  portal,
  unit: new Map(units.map(([id, name]) => [id, name])),
  home: new Map(units.map(([id, , base]) => [id, `${base}index.html`])),
  category: new Map(categories.map(([id, name]) => [id, name])),
  above: new Map(categories.map(([id, , above]) => [id, above])),
  hosts: new Set(units.filter(([, , base]) => /^https?:/.test(base)).map(([id]) => id)),
});

/** The best documents by score; ties in the order of their numbers, none cut off. */
function top(scores, documents, most) {
  const sorted = documents.sort((a, b) => scores[b] - scores[a] || a - b);
  const least = sorted.length > most ? scores[sorted[most - 1]] - 1e-9 : -1;
  return sorted.filter((document, rank) => rank < most || (rank < 2 * most && scores[document] >= least));
}
