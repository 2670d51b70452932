// Refreshes the page when its file changed, and shows what is faulty. Only in the preview; never in a release.

const here = decodeURIComponent(location.pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
const served = Number(document.getElementById("mt-preview").dataset.version);
let connected = false;

/** Whether a changed file shows on this page: the page itself, or a file that it loaded. */
function touches(changed) {
  if (changed.includes(here) || document.title.startsWith("404")) return true;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const names = new Set(
    loaded.filter((url) => url.origin === location.origin).map((url) => decodeURIComponent(url.pathname.slice(1))),
  );
  return changed.some((path) => names.has(path));
}

function line(fault) {
  const item = document.createElement("li");
  const place = document.createElement("code");
  place.textContent = fault.place;
  const message = document.createElement("p");
  message.textContent = fault.message;
  const hint = document.createElement("p");
  hint.className = "mt-preview-hint";
  hint.textContent = fault.hint && `提示：${fault.hint}`;
  item.append(place, message, hint);
  return item;
}

function show(faults) {
  document.getElementById("mt-preview-faults")?.remove();
  if (faults.length === 0) return;
  const overlay = document.createElement("aside");
  overlay.id = "mt-preview-faults";
  overlay.setAttribute("role", "alert");
  overlay.setAttribute("aria-label", "内容有误");
  const heading = document.createElement("h2");
  heading.textContent = `内容有 ${faults.length} 处错误，改好后这里会自动消失`;
  const list = document.createElement("ol");
  list.append(...faults.slice(0, 50).map(line));
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "收起";
  close.addEventListener("click", () => overlay.remove());
  overlay.append(heading, close, list);
  document.body.append(overlay);
}

/** Takes what the preview tells; nothing: news was missed. */
function hear(news) {
  if (news === null) {
    location.reload();
    return;
  }
  show(news.faults);
  // What was built between serving this page and listening was never heard of here.
  if (news.version > served && (!connected || touches(news.changed))) location.reload();
  connected = true;
}

/** A stream of this page's own, where a browser cannot share one. */
function listenAlone() {
  const stream = new EventSource("/__preview__/events");
  let broken = false;
  stream.addEventListener("message", (event) => {
    hear(broken ? null : JSON.parse(event.data));
    broken = false;
  });
  stream.addEventListener("error", () => (broken = true));
  addEventListener("pagehide", () => stream.close());
}

if ("SharedWorker" in window) {
  const { port } = new SharedWorker("/__preview__/stream.js", "mt-preview");
  port.addEventListener("message", (event) => hear(event.data));
  port.start();
  addEventListener("pagehide", () => port.postMessage("left"));
} else {
  listenAlone();
}
// A page that is shown again as it was left listens no more.
addEventListener("pageshow", (event) => event.persisted && location.reload());
