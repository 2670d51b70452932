/**
 * Suggestions under every search box of a page. The search itself is loaded when somebody types.
 */

import { element, indexFolder, resolveResult } from "./search-dom.js";
import { words } from "./search-words.js";

const PAUSE = 180;
const LEAST = 2;

let opening = null;
let number = 0;

/** The search of this page, opened once; forgotten when it fails, so that the next try starts anew. */
function opened() {
  opening ??= import("./search-core.js").then(({ openSearch }) => openSearch(indexFolder()));
  opening.catch(() => (opening = null));
  return opening;
}

class Box {
  constructor(input) {
    this.input = input;
    this.id = `mt-suggestions-${++number}`;
    this.list = element("ul", { class: "search-suggestions", id: this.id, role: "listbox", "aria-label": words.suggestions, hidden: true });
    this.status = element("p", { class: "visually-hidden", role: "status" });
    this.chosen = -1;
    this.asked = "";
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.id,
    })) input.setAttribute(name, value);
    input.form.append(this.list, this.status);
    input.addEventListener("input", (event) => {
      this.#choose(-1);
      if (!event.isComposing) this.#wait();
    });
    // What an input method has on its way is no word yet, and its own list stands where ours would.
    input.addEventListener("compositionstart", () => this.close());
    input.addEventListener("compositionend", () => this.#wait());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    // A press on a suggestion must not take the focus away before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#follow(event.target.closest("[role=option]")));
    // On a slow line somebody may have typed before this script came.
    if (document.activeElement === input && input.value) this.#wait();
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#suggest(), PAUSE);
  }

  async #suggest() {
    const text = this.input.value.trim();
    this.asked = text;
    if ([...text].length < LEAST) return this.close();
    try {
      const search = await opened();
      const found = await search.suggest(text);
      // A list from which somebody is choosing does not change under their hands.
      const isWanted = this.asked === text && this.chosen < 0 && document.activeElement === this.input;
      if (isWanted) this.#show(found, search.names);
    } catch {
      this.close(); // Suggestions are a comfort: without them the box still sends its words.
    }
  }

  #show(found, names) {
    this.list.replaceChildren(
      ...found.map((one, at) =>
        element(
          "li",
          { role: "option", id: `${this.id}-${at}`, "aria-selected": "false", "data-href": resolveResult(one, names) },
          one.title,
          one.documentNumber && ` ${one.documentNumber}`,
        ),
      ),
    );
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.status.textContent = words.suggested(found.length);
  }

  close() {
    clearTimeout(this.timer);
    this.asked = "";
    this.#choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }

  #key(event) {
    const options = [...this.list.children];
    // Some browsers say only by 229 that a key belongs to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.#suggest();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the text itself.
      this.#choose(((this.chosen + 1 + step + options.length + 1) % (options.length + 1)) - 1);
      event.preventDefault();
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.#follow(options[this.chosen]);
    } else if (event.key === "Escape") {
      this.close();
      event.preventDefault();
    }
  }

  #choose(place) {
    this.chosen = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = this.list.children[place];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #follow(option) {
    if (!option) return;
    const { href } = option.dataset;
    this.close(); // Else the list would still be open for somebody who comes back.
    location.assign(href);
  }
}

for (const input of document.querySelectorAll("form[role=search] input[name=q]")) new Box(input);
