// One stream of news for all open pages: a browser opens no more than six connections to a server.

const pages = new Set();
let latest = null; // nothing while there is no stream
let broken = false;

function listen() {
  const stream = new EventSource("/__preview__/events");
  stream.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    // Whoever was here when the stream broke may have missed news, and is to look again.
    for (const page of pages) page.postMessage(broken ? null : news);
    latest = { ...news, changed: [] };
    broken = false;
  });
  stream.addEventListener("error", () => {
    latest = null;
    broken = true;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

addEventListener("connect", (event) => {
  const [page] = event.ports;
  pages.add(page);
  page.addEventListener("message", () => pages.delete(page)); // it leaves
  page.start();
  if (latest) page.postMessage(latest);
});

listen();
