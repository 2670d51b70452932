/**
 * The results page: what is asked stands in the address, so that it can be shared, kept and gone back to.
 */

import { openSearch } from "./search-core.js";
import { element, highlighted, indexFolder, resolveResult } from "./search-dom.js";
import { words } from "./search-words.js";

const PER_PAGE = 10;
const SHOWN_VALUES = 8;
/** Milliseconds after which somebody who waits is told so. */
const SLOW = 8000;
const FILTERS = ["unit", "category", "year", "validity"];

const unitHere = document.body.dataset.unit ?? "";
const app = document.querySelector("[data-search-app]");
const form = document.querySelector("[data-search]");
const fallback = document.querySelector("[data-search-fallback]");
const name = document.title;
const siteName = name.slice(name.indexOf(" - "));

let search = null;
let latest = 0;
/** What of the address is shown, or on its way. */
let addressShown = null;
/** Where somebody stood who comes back to this page; results come too late for the browser to lead there. */
let place = history.state?.place ?? 0;

/** What the address asks. On a unit's page its own papers come first; `in=all` asks for the whole cluster. */
function readAddress(address = location.search) {
  const given = new URLSearchParams(address);
  const state = { q: (given.get("q") ?? "").slice(0, 1000), everywhere: given.get("in") === "all" || !unitHere };
  for (const filter of FILTERS) state[filter] = given.get(filter) ?? "";
  if (!state.everywhere) state.unit = unitHere;
  state.sort = given.get("sort") === "date" ? "date" : "relevance";
  state.page = Math.min(1000, Math.max(1, Number.parseInt(given.get("page"), 10) || 1));
  return state;
}

/** Whether a filter is set; the unit of a unit's own page is no filter. */
const narrows = (state, filter) => state[filter] !== "" && (filter !== "unit" || state.everywhere);

/** The address of a state; what is usual is left out. */
function addressOf(state) {
  const given = new URLSearchParams({ q: state.q });
  if (state.everywhere && unitHere) given.set("in", "all");
  for (const filter of FILTERS) {
    if (narrows(state, filter)) given.set(filter, state[filter]);
  }
  if (state.sort === "date") given.set("sort", "date");
  if (state.page > 1) given.set("page", String(state.page));
  return `?${given}`;
}

/** A link to another state, followed without loading the page. */
function stateLink(state, attributes, ...children) {
  return element("a", { href: addressOf(state), "data-state": "", ...attributes }, ...children);
}

function goTo(address) {
  place = 0;
  if (address === location.search) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  show({ moved: true });
}

async function show({ moved = false } = {}) {
  addressShown = location.search;
  const state = readAddress();
  const turn = ++latest;
  form.q.value = state.q;
  const asked = state.q.trim() !== "";
  document.title = asked ? `${state.q}${siteName}` : name;
  app.hidden = !asked;
  offerLists(!asked);
  if (!asked) return;
  parts.status.textContent = words.searching;
  parts.layout.setAttribute("aria-busy", "true");
  const patience = setTimeout(() => {
    if (turn === latest) renderSlow();
  }, SLOW);
  try {
    search ??= await openSearch(indexFolder());
    const options = {
      ...Object.fromEntries(FILTERS.map((filter) => [filter, state[filter]])),
      sort: state.sort,
      limit: PER_PAGE,
      offset: (state.page - 1) * PER_PAGE,
    };
    const onTitles = (answer) => turn === latest && answer.total && renderTitles(state, answer);
    const answer = await search.query(state.q, { ...options, onTitles });
    if (turn !== latest) return;
    const last = lastPage(answer.total);
    if (state.page > last) {
      // The address was kept while the index held more.
      history.replaceState(null, "", addressOf({ ...state, page: last }));
      show({ moved });
      return;
    }
    if (!answer.results.length && answer.warnings.length) renderFailure();
    else await render(state, answer, () => turn === latest);
    if (place > scrollY) scrollTo(0, place);
    place = 0;
  } catch (error) {
    console.error(error);
    if (turn === latest) renderFailure();
  } finally {
    clearTimeout(patience);
    if (turn === latest) {
      parts.layout.removeAttribute("aria-busy");
      if (moved) parts.status.focus();
    }
  }
}

function offerLists(isOffered) {
  if (!fallback) return;
  fallback.hidden = !isOffered;
  fallback.dataset.ready = "";
}

const lastPage = (total) => Math.max(1, Math.ceil(total / PER_PAGE));

// --- parts of the page -----------------------------------------------------------

const parts = {
  status: element("p", { class: "search-status", role: "status", tabindex: "-1" }),
  also: element("p", { class: "search-also", hidden: true }),
  sites: element("p", { class: "search-sites", hidden: true }),
  chosen: element("p", { class: "search-chosen", hidden: true }),
  message: element("div", { class: "search-message", hidden: true }),
  tools: element("div", { class: "search-tools" }),
  results: element("ol", { class: "search-results", "aria-label": words.results }),
  pages: element("div"),
  filters: element("aside", { class: "search-filters", "aria-label": words.filters }),
};
parts.main = element("div", { class: "search-main" }, parts.tools, parts.results, parts.pages);
parts.layout = element("div", { class: "search-layout" }, parts.main, parts.filters);

async function render(state, answer, isLatest) {
  offerLists(!answer.total && !isFiltered(state));
  parts.results.classList.remove("search-waiting");
  const found = answer.total === 1 ? words.foundOne : words.found(answer.total);
  parts.status.textContent = state.page > 1 ? words.onPage(found, state.page) : found;
  parts.also.hidden = !answer.alsoSearched.length;
  parts.also.textContent = words.also(answer.alsoSearched.join("、"));
  renderSites(state);
  renderChosen(state);
  renderResults(answer);
  parts.tools.replaceChildren(...scopes(state), sorts(state));
  parts.pages.replaceChildren(pagination(state, answer.total));
  parts.filters.replaceChildren(...facets(state, answer.facets));
  parts.layout.hidden = false;
  parts.tools.hidden = parts.results.hidden = !answer.total;
  const notes = answer.warnings.length ? [element("p", {}, words.partial)] : [];
  if (!answer.total) notes.push(...(await nothing(state)));
  if (!isLatest()) return;
  parts.message.replaceChildren(...notes);
  parts.message.hidden = !notes.length;
}

/** Who names a unit may want its address and telephone, which stand on its site and in no document. */
function renderSites({ q }) {
  const { names } = search;
  const text = q.replace(/\s+/g, "");
  const named = [...names.unit].filter(([id, name]) => id !== unitHere && text.includes(name));
  const links = named.map(([id, name]) => element("a", { href: resolveResult({ url: names.home.get(id) }, names) }, name));
  parts.sites.replaceChildren(words.sites, ...links);
  parts.sites.hidden = !links.length;
}

/** What narrows the results; on a phone the filters themselves stand below them. */
function renderChosen(state) {
  const chosen = FILTERS.filter((filter) => narrows(state, filter));
  const links = chosen.map((filter) =>
    stateLink(
      { ...state, [filter]: "", page: 1 },
      {},
      element("span", { class: "visually-hidden" }, words.without),
      nameOf(filter, state[filter]),
      element("span", { "aria-hidden": "true" }, " ×"),
    ),
  );
  parts.chosen.replaceChildren(...links);
  parts.chosen.hidden = !links.length;
}

function renderSlow() {
  parts.status.textContent = words.slow;
  offerLists(true);
}

/** Says that there is no answer; one to an earlier question may not stand in its place. */
function renderFailure() {
  search = null;
  parts.status.textContent = words.failed;
  parts.message.replaceChildren(element("button", { type: "button", click: () => show({ moved: true }) }, words.again));
  parts.message.hidden = false;
  parts.also.hidden = parts.sites.hidden = parts.chosen.hidden = parts.layout.hidden = true;
  offerLists(true);
}

/** Titles alone, with room for the snippets that follow, so that nothing moves when they come. */
function renderTitles(state, answer) {
  parts.results.classList.add("search-waiting");
  renderChosen(state);
  parts.layout.hidden = false;
  renderResults(answer);
}

function renderResults({ results }) {
  parts.results.hidden = false;
  const { unit, category } = search.names;
  parts.results.replaceChildren(
    ...results.map((one) =>
      element(
        "li",
        { class: "search-result" },
        element(
          "a",
          { class: "search-result-title", href: resolveResult(one, search.names) },
          ...highlighted(one.title, one.titleHighlights),
        ),
        element(
          "p",
          { class: "search-result-meta" },
          element("time", { datetime: one.date }, one.date),
          element("span", {}, unit.get(one.unit)),
          element("span", {}, category.get(one.category)),
          one.documentNumber && element("span", {}, one.documentNumber),
          one.validity && element("span", {}, words.validities[one.validity] ?? one.validity),
        ),
        one.snippet && element("p", { class: "search-snippet" }, ...cut(highlighted(one.snippet, one.highlights), one.cuts)),
      ),
    ),
  );
}

const cut = (parts, [before, after]) => [before && "…", ...parts, after && "…"];

/** On a unit's page: this unit or all. */
function scopes(state) {
  if (!unitHere) return [];
  const name = search.names.unit.get(unitHere) ?? unitHere;
  const here = { ...state, everywhere: false, unit: unitHere, page: 1 };
  const all = { ...state, everywhere: true, unit: "", page: 1 };
  return [
    element(
      "div",
      { class: "search-scope", role: "group", "aria-label": words.scope },
      stateLink(here, { "aria-current": state.everywhere ? null : "true" }, words.inUnit(name)),
      stateLink(all, { "aria-current": state.everywhere ? "true" : null }, words.inAll),
    ),
  ];
}

function sorts(state) {
  const link = (sort) =>
    stateLink({ ...state, sort, page: 1 }, { "aria-current": state.sort === sort ? "true" : null }, words[sort]);
  return element("div", { class: "search-sort", role: "group", "aria-label": words.sort }, link("relevance"), link("date"));
}

function facets(state, counts) {
  const shown = FILTERS.filter((filter) => filter !== "unit" || state.everywhere);
  return shown.flatMap((filter) => {
    const values = counts[filter] ?? [];
    const above = (value) => (filter === "category" && search.names.above.get(value)) || "";
    const under = (wanted) => values.filter(([value]) => above(value) === wanted);
    const top = under("");
    const total = top.reduce((sum, [, count]) => sum + count, 0);
    if (!values.length || (!state[filter] && values.every(([, count]) => count === total))) return [];
    const open = new Set();
    for (let value = state[filter]; value; value = above(value)) open.add(value);
    const entry = ([value, count]) => {
      const isChosen = state[filter] === value;
      const parts = open.has(value) ? under(value) : [];
      return element(
        "li",
        {},
        stateLink(
          { ...state, [filter]: isChosen ? above(value) : value, page: 1 },
          { "aria-current": isChosen ? "true" : null },
          nameOf(filter, value),
        ),
        element("span", { class: "count" }, String(count)),
        parts.length > 0 && list(parts),
      );
    };
    const all = stateLink({ ...state, [filter]: "", page: 1 }, { "aria-current": state[filter] ? null : "true" }, words.all);
    const list = (some, ...first) => element("ul", { class: "filter-list" }, ...first, ...some.map(entry));
    const rest = top.slice(SHOWN_VALUES);
    return [
      element(
        "section",
        { class: "search-facet" },
        element("h2", {}, words[filter]),
        list(top.slice(0, SHOWN_VALUES), element("li", {}, all)),
        rest.length > 0 &&
          element("details", { open: rest.some(([value]) => open.has(value)) }, element("summary", {}, words.more), list(rest)),
      ),
    ];
  });
}

function nameOf(filter, value) {
  if (filter === "validity") return words.validities[value] ?? value;
  return search.names[filter]?.get(value) ?? value;
}

function pagination(state, total) {
  const last = lastPage(total);
  if (last < 2) return "";
  const near = [1, 2, state.page - 1, state.page, state.page + 1, last];
  const numbers = [...new Set(near)].filter((page) => page >= 1 && page <= last).sort((a, b) => a - b);
  const entries = [];
  const link = (page, attributes, text) => stateLink({ ...state, page }, attributes, text);
  if (state.page > 1) entries.push(element("li", { class: "pagination-previous" }, link(state.page - 1, { rel: "prev" }, words.previous)));
  numbers.forEach((page, at) => {
    if (at > 0 && page > numbers[at - 1] + 1) entries.push(element("li", {}, element("span", { class: "pagination-gap" }, "…")));
    entries.push(
      element(
        "li",
        {},
        page === state.page
          ? element("span", { "aria-current": "page" }, String(page))
          : link(page, { "aria-label": words.page(page) }, String(page)),
      ),
    );
  });
  if (state.page < last) entries.push(element("li", { class: "pagination-next" }, link(state.page + 1, { rel: "next" }, words.next)));
  return element("nav", { class: "pagination", "aria-label": words.pages }, element("ul", {}, ...entries));
}

const isFiltered = (state) => FILTERS.some((filter) => narrows(state, filter));

/** What may be tried when nothing was found. */
async function nothing(state) {
  const filtered = isFiltered(state);
  const bare = { ...state, category: "", year: "", validity: "", page: 1, unit: state.everywhere ? "" : unitHere };
  const similar = await search.suggest(state.q).catch(() => []);
  return [
    element("p", {}, filtered ? words.nothingFiltered(state.q) : words.nothing(state.q)),
    element("p", {}, words.advice),
    element(
      "ul",
      {},
      filtered && element("li", {}, stateLink(bare, {}, words.unfilter)),
      !state.everywhere && element("li", {}, stateLink({ ...bare, everywhere: true, unit: "" }, {}, words.everywhere)),
      element("li", {}, words.shorter),
      element("li", {}, words.asked),
      !filtered && element("li", {}, words.browse),
    ),
    similar.length > 0 && element("p", {}, words.titles),
    similar.length > 0 &&
      element("ul", {}, ...similar.map((one) => element("li", {}, element("a", { href: resolveResult(one, search.names) }, one.title)))),
  ].filter(Boolean);
}

// --- events ----------------------------------------------------------------------

if (app && form) {
  app.append(parts.status, parts.also, parts.sites, parts.chosen, parts.message, parts.layout);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    goTo(addressOf({ ...readAddress(), q: form.q.value, page: 1 }));
  });
  app.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-state]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(link.getAttribute("href"));
    app.scrollIntoView({ block: "start" });
  });
  // Links within the page count as steps, too.
  addEventListener("popstate", () => location.search !== addressShown && show());
  addEventListener("pagehide", () => history.replaceState({ place: scrollY }, ""));
  for (const own of ["wheel", "touchmove", "keydown"]) addEventListener(own, () => (place = 0), { once: true, passive: true });
  show();
}
