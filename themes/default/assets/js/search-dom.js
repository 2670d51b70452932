/** Elements made of data: text is always text, never markup. */

/**
 * @param {string} name of the element
 * @param {Record<string, string | boolean | null | undefined | ((event: Event) => void)>} attributes
 *   functions listen to the event of that name; `null`, `undefined` and `false` leave the attribute out
 * @param {...(Node | string | null | undefined | false)} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** The text with its ranges in `<mark>`. */
export function highlighted(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** Where the folder is that holds `search/`, from this page. */
export const indexFolder = () => new URL(document.body.dataset.base || "./", document.baseURI).href;

/**
 * The address of a result on this page: addresses are relative to the portal, and a unit with a host
 * of its own serves the index from there.
 */
export function resolveResult({ url, anchor }, names) {
  const base = names.hosts.has(document.body.dataset.unit ?? "") ? names.portal : indexFolder();
  const address = new URL(url, base);
  if (!/^https?:$/.test(address.protocol) && address.protocol !== location.protocol) return "#"; // from disk: file:
  if (anchor) address.hash = anchor;
  return address.href;
}
