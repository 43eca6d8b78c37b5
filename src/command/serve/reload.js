// Brings a page up to date when the site changes, without losing what its reader has open: where
// the page as it was served and as it is served now are the same, nothing is touched.
"use strict";
(() => {
  const script = document.currentScript;
  const stay = 4000;
  let tag = script.dataset.page;
  let last = null; // the page as it was served, parsed
  let edition = null;
  let busy = false;
  let again = false;
  const sheets = new Map(); // style sheets and scripts by address, with their entity tags

  const own = (address) => new URL(address, location.href).origin === location.origin;
  const bare = () => location.href.split("#")[0];
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  async function fetchPage() {
    const answer = await fetch(bare(), { cache: "no-store" });
    const name = (answer.headers.get("etag") || "").replace(/"/g, "");
    return { tag: name, text: await answer.text(), status: answer.status };
  }

  function linked() {
    const found = document.querySelectorAll("link[rel~=stylesheet][href], script[src]");
    return [...found].filter((node) => node !== script && own(node.href || node.src));
  }

  async function tagOf(address) {
    const answer = await fetch(address, { method: "HEAD", cache: "no-store" });
    return answer.ok ? answer.headers.get("etag") : null;
  }

  async function learn() {
    const first = await fetchPage();
    if (first.tag === tag) last = parse(first.text);
    for (const node of linked()) {
      const address = node.href || node.src;
      sheets.set(address, await tagOf(address));
    }
  }

  // Style sheets are exchanged when the new one is there, so that the page never stands bare.
  async function refreshLinked() {
    for (const node of linked()) {
      const address = node.href || node.src;
      const plain = address.replace(/[?&]_bogi=[^&]*/, "");
      const now = await tagOf(plain);
      const before = sheets.get(plain);
      sheets.set(plain, now);
      if (before === undefined || before === now || now === null) continue;
      if (node.src) return location.reload();
      const next = node.cloneNode();
      next.href = plain + (plain.includes("?") ? "&" : "?") + "_bogi=" + now.replace(/\W/g, "");
      next.addEventListener("load", () => node.remove());
      node.after(next);
    }
  }

  // What runs in a page, apart from its data: when it changes, only loading again helps.
  const program = (page) =>
    [...page.querySelectorAll("script")]
      .filter((node) => !(node.getAttribute("src") || "").startsWith("/_bogi/"))
      .filter((node) => !/json/.test(node.type))
      .map((node) => node.outerHTML)
      .join("\n");

  function sameShape(live, old) {
    const a = live.childNodes;
    const b = old.childNodes;
    if (a.length < b.length) return false;
    for (let i = 0; i < b.length; i++) if (a[i].nodeName !== b[i].nodeName) return false;
    return true;
  }

  function attributes(live, old, next) {
    for (const { name } of old.attributes) {
      if (!next.hasAttribute(name)) live.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    }
  }

  // Brings `live` from `old` to `next`. Where a script of the site has changed the structure, the
  // whole part is replaced.
  function morph(live, old, next) {
    if (old.isEqualNode(next)) return;
    if (live.nodeType !== Node.ELEMENT_NODE) {
      live.nodeValue = next.nodeValue;
      return;
    }
    attributes(live, old, next);
    if (!sameShape(live, old)) {
      live.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
      return;
    }
    const olds = [...old.childNodes];
    const nexts = [...next.childNodes];
    const lives = [...live.childNodes];
    let [from, to] = [0, 0];
    for (const [at, other] of [...same(olds, nexts), [olds.length, nexts.length]]) {
      between(live, lives[at] || null, lives.slice(from, at), olds.slice(from, at), nexts.slice(to, other));
      [from, to] = [at + 1, other + 1];
    }
  }

  // Brings a run of nodes in front of `behind` from what they were to what they shall be.
  function between(parent, behind, lives, olds, nexts) {
    nexts.forEach((node, at) => {
      const was = olds[at];
      if (was && was.nodeName === node.nodeName && was.id === node.id) {
        morph(lives[at], was, node);
      } else if (was) {
        lives[at].replaceWith(document.importNode(node, true));
      } else {
        parent.insertBefore(document.importNode(node, true), behind);
      }
    });
    for (const node of lives.slice(nexts.length)) node.remove();
  }

  // The positions of nodes that stay as they are: the longest common subsequence, where the lists
  // aren't too long to look for it; else what is the same at both ends.
  function same(olds, nexts) {
    const found = [];
    const shorter = Math.min(olds.length, nexts.length);
    let start = 0;
    while (start < shorter && olds[start].isEqualNode(nexts[start])) {
      found.push([start, start]);
      start++;
    }
    const ends = [];
    let [a, b] = [olds.length, nexts.length];
    while (a > start && b > start && olds[a - 1].isEqualNode(nexts[b - 1])) ends.unshift([--a, --b]);
    const [rows, columns] = [a - start, b - start];
    if (rows * columns > 0 && rows * columns <= 250000) {
      const key = (node) => node.outerHTML || node.nodeName + node.nodeValue;
      const [x, y] = [olds.slice(start, a).map(key), nexts.slice(start, b).map(key)];
      const length = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
      for (let i = rows - 1; i >= 0; i--) {
        for (let j = columns - 1; j >= 0; j--) {
          length[i][j] =
            x[i] === y[j]
              ? length[i + 1][j + 1] + 1
              : Math.max(length[i + 1][j], length[i][j + 1]);
        }
      }
      let [i, j] = [0, 0];
      while (i < rows && j < columns) {
        if (x[i] === y[j]) found.push([start + i++, start + j++]);
        else if (length[i + 1][j] >= length[i][j + 1]) i++;
        else j++;
      }
    }
    return [...found, ...ends];
  }

  const results = () => [...document.querySelectorAll("data.scenario-value")];

  function apply(page) {
    const next = parse(page.text);
    if (!last || program(last) !== program(next)) return location.reload();
    const before = results().map((node) => [node.dataset.note, node.textContent]);
    const open = [...document.querySelectorAll("details")].map((node) => node.open);
    document.title = next.title;
    swapHead(next);
    attributes(document.documentElement, last.documentElement, next.documentElement);
    morph(document.body, last.body, next.body);
    const folds = document.querySelectorAll("details");
    if (folds.length === open.length) folds.forEach((node, at) => (node.open = open[at]));
    last = next;
    tag = page.tag;
    mark(before);
    document.dispatchEvent(new CustomEvent("bogi:updated"));
  }

  function swapHead(next) {
    const kept = (node) => node.nodeName === "SCRIPT" || node.nodeName === "TITLE";
    const key = (node) => node.outerHTML;
    const old = new Set([...last.head.children].map(key));
    const now = new Set([...next.head.children].map(key));
    for (const node of [...document.head.children]) {
      if (kept(node) || !old.has(key(node)) || now.has(key(node))) continue;
      // A sheet goes when its successor has had time to come.
      setTimeout(() => node.remove(), node.nodeName === "LINK" ? 300 : 0);
    }
    for (const node of next.head.children) {
      if (!kept(node) && !old.has(key(node))) document.head.append(document.importNode(node, true));
    }
  }

  // The bar and the marks live apart from the page, whose styles don't reach them.
  const host = document.createElement("bogi-preview");
  const shade = host.attachShadow({ mode: "open" });
  shade.innerHTML = `<style>
    :host { all: initial; }
    * { box-sizing: border-box; font: 13px/1.5 system-ui, sans-serif; }
    .bar { position: fixed; z-index: 2147483647; left: 0; right: 0; bottom: 0; max-height: 60vh;
      overflow: auto; background: #1f2430; color: #f3f4f6; border-top: 3px solid #fbbf24; }
    .bar.errors { border-color: #f87171; }
    .bar.away { border-color: #9ca3af; }
    button { all: unset; box-sizing: border-box; display: block; width: 100%; padding: 6px 16px;
      cursor: pointer; font: 600 13px/1.5 system-ui, sans-serif; }
    button:focus-visible { outline: 2px solid #93c5fd; outline-offset: -2px; }
    ul { margin: 0; padding: 0 16px 10px; list-style: none; }
    li { padding: 4px 0; border-top: 1px solid #374151; overflow-wrap: anywhere; }
    li b { color: #fbbf24; font-weight: 600; }
    li.error b { color: #fca5a5; }
    code { display: block; color: #9ca3af; font: 12px/1.4 ui-monospace, monospace; }
    .mark { position: absolute; z-index: 2147483646; padding: 1px 8px; border-radius: 4px;
      background: #fde68a; color: #1f2937; white-space: nowrap; pointer-events: none;
      box-shadow: 0 1px 4px #0006; }
    .line { position: absolute; z-index: 2147483646; height: 3px; background: #f59e0b;
      pointer-events: none; }
    @media print { .bar, .mark, .line { display: none; } }
  </style><div id="marks"></div><div id="bar"></div>`;
  const bar = shade.getElementById("bar");
  const marks = shade.getElementById("marks");
  let unfolded = false;

  const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

  async function show(state) {
    bar.replaceChildren();
    bar.className = "";
    if (!state.errors && !state.warnings) return;
    bar.className = state.errors ? "bar errors" : "bar";
    const button = document.createElement("button");
    const counts = [];
    if (state.errors) counts.push(many(state.errors, "error"));
    if (state.warnings) counts.push(many(state.warnings, "warning"));
    const words = state.unbuilt ? "the site can't be built; this is the last one: " : "";
    button.textContent = words + counts.join(", ");
    button.setAttribute("aria-expanded", unfolded);
    button.addEventListener("click", () => {
      unfolded = !unfolded;
      show(state);
    });
    bar.append(button);
    if (unfolded) bar.append(await list());
  }

  async function list() {
    const found = await (await fetch("/_bogi/problems", { cache: "no-store" })).json();
    const all = document.createElement("ul");
    for (const problem of found.list) {
      const item = document.createElement("li");
      if (problem.error) item.className = "error";
      const code = document.createElement("b");
      code.textContent = problem.code + " ";
      item.append(code, problem.message);
      if (problem.place) {
        const place = document.createElement("code");
        place.textContent = problem.place;
        item.append(place);
      }
      all.append(item);
    }
    const hidden = found.errors + found.warnings - found.list.length;
    if (hidden > 0) all.append(`and ${hidden} more`);
    return all;
  }

  // Results that moved say for a moment what they were.
  function mark(before) {
    const now = results();
    if (now.length !== before.length) return;
    const moved = now.filter((node, at) => {
      const [note, text] = before[at];
      return node.textContent !== text && note.split(" · ")[0] === node.dataset.note.split(" · ")[0];
    });
    for (const node of moved) {
      const [, text] = before[now.indexOf(node)];
      const place = node.getBoundingClientRect();
      const label = document.createElement("div");
      label.className = "mark";
      label.setAttribute("role", "status");
      label.textContent = `${text} → ${node.textContent}`;
      const line = document.createElement("div");
      line.className = "line";
      const [x, y] = [place.left + scrollX, place.bottom + scrollY];
      line.style.cssText = `left:${x}px;top:${y}px;width:${place.width}px`;
      label.style.cssText = `left:${x}px;top:${y + 5}px`;
      marks.append(line, label);
      const over = label.getBoundingClientRect().right - document.documentElement.clientWidth + 4;
      if (over > 0) label.style.left = `${x - over}px`;
      setTimeout(() => (line.remove(), label.remove()), stay);
    }
  }

  async function update(state) {
    if (busy) {
      again = state;
      return;
    }
    busy = true;
    try {
      const page = await fetchPage();
      if (page.tag !== tag) apply(page);
      await refreshLinked();
    } catch {
      // The preview is gone again; it will be back with another state.
    }
    busy = false;
    if (again) {
      const next = again;
      again = false;
      await update(next);
    }
  }

  function start() {
    document.documentElement.append(host);
    const learnt = learn().catch(() => {});
    const events = new EventSource("/_bogi/events");
    events.onmessage = async (message) => {
      const state = JSON.parse(message.data);
      await learnt;
      edition = state.edition;
      await show(state);
      await update(state);
    };
    events.onerror = () => {
      bar.className = "bar away";
      bar.textContent = "";
      const word = document.createElement("button");
      word.textContent = "the preview has ended; this page waits for it";
      bar.append(word);
    };
    addEventListener("pagehide", () => events.close());
  }

  start();
})();
