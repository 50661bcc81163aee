// The page: it reads the fragment of the URL, and shows what that selects whenever it changes.

const views = new Map();
const reportTitle = document.title;

function selectionText() {
  return selectedParts().map((part) => part.text).join(" · ");
}

// A note on numbers of the listed articles alone; empty if all are listed.
function listedText() {
  return isWhole ? "" : ` · of the ${numberText(articles.count)} most recent of ${numberText(data.articleCount)} articles`;
}

// The part of the selection that a figure follows, if not all of it.
const selectionOf = { pairs: () => selection.topics.map((topic) => data.topics[topic]).join(" · "), runs: () => "" };

async function showFigure(figureName) {
  const figure = document.querySelector(`[data-figure="${figureName}"]`);
  if (!figure) return;
  const { rows: compute, columns, numbers: pickRows = (all) => all, remainder = () => "", pick,
    isEmpty = (rows) => !rows.length } = figures[figureName];
  const rows = compute();
  const host = figure.querySelector("[data-chart]");
  const empty = isEmpty(rows);
  const wasHidden = host.hidden;
  host.hidden = empty;
  figure.querySelector(".empty").hidden = !empty;
  // The picture of a chart that is hidden would be one of an earlier selection.
  figure.querySelector(".saves").hidden = empty;
  figure.querySelector(".remainder").textContent = remainder();
  numbers(figure.querySelector("[data-numbers]"), pickRows(rows), columns);
  figure.querySelector("[data-chosen]").textContent = (selectionOf[figureName] ?? selectionText)();
  if (empty) return;
  if (views.has(figureName)) await redraw(views.get(figureName), rows, wasHidden);
  else views.set(figureName, await draw(host, figureName, rows, { pick, pickName: (label) => pickLabel(figureName, label) }));
}

// The cards of the largest topics of the selection.
async function showTopics() {
  const list = document.querySelector(".multiples");
  if (!list) return;
  const topics = chartedTopics();
  while (list.children.length < topics.length) list.append(topicCard());
  await Promise.all([...list.children].map((card, i) => showTopic(card, topics[i], i)));
}

function topicCard() {
  const card = element("li");
  card.append(element("h4", "", { dir: "auto" }), element("p", "", { class: "note" }), element("div", undefined, { class: "chart", role: "img" }));
  return card;
}

async function showTopic(card, topic, i) {
  const wasHidden = card.hidden;
  card.hidden = topic === undefined;
  if (card.hidden) return;
  const rows = overTime(topic);
  const peak = rows.reduce((best, row) => (row.isSelected && row.articles > best.articles ? row : best), { articles: 0, label: "" });
  const most = peak.articles ? `, most in ${peak.label} (${numberText(peak.articles)})` : "";
  const summary = countText(countOf(topic), "article") + most;
  const chart = card.querySelector(".chart");
  card.querySelector("h4").replaceChildren(nameElement("topic", topic));
  card.querySelector("p").textContent = summary;
  chart.setAttribute("aria-label", `${data.topics[topic]}: ${summary}`);
  const key = `topic ${i}`;
  if (views.has(key)) await redraw(views.get(key), rows, wasHidden);
  else views.set(key, await draw(chart, "topic", rows, { pick: pickPeriod }));
}

function showChips() {
  const host = document.getElementById("chips");
  host.replaceChildren(...selectedParts().map((part) => {
    const chip = element("li", undefined, { class: "chip" });
    const off = element("button", "×", { type: "button", title: "Remove" });
    off.setAttribute("aria-label", `Remove ${part.text}`);
    off.addEventListener("click", () => { select(part.without); document.getElementById("filter-words").focus(); });
    const text = PAGES.includes(part.kind) ? pageLink(part.kind, part.place) : element("span", part.text, { dir: "auto" });
    chip.append(text, off);
    return chip;
  }));
}

// What the numbers of the page count.
function showResult() {
  const result = document.getElementById("filter-result");
  result.textContent = isNarrowed() ? `${countText(countOf(), "article")}${countsOfAll() ? "" : listedText()}` : "";
  document.getElementById("to-articles").hidden = !matching.length || !isNarrowed();
}

// Which values of the URL this report does not have, such as an event of another snapshot.
function showNotice(unknown) {
  document.getElementById("notice").textContent = unknown.length ? `Not in this report, so ignored: ${unknown.join(", ")}.` : "";
}

function showControls() {
  const words = document.getElementById("filter-words");
  if (document.activeElement !== words) words.value = selection.words;
  document.getElementById("filter-kind").value = String(selection.kind ?? "");
  const missing = document.getElementById("filter-missing");
  missing.value = String(selection.missing ?? "");
  ["from", "to"].forEach((end) => {
    const input = document.getElementById(`filter-${end}`);
    if (document.activeElement !== input || selection[end] === null) input.value = selection[end] === null ? "" : dayOf(selection[end]);
  });
}

function showPicks() {
  document.querySelectorAll("button[data-pick]").forEach((button) => {
    button.setAttribute("aria-pressed", String(isSelected(button.dataset.pick, Number(button.dataset.place))));
  });
}

const hasFilters = () => document.getElementById("filters") !== null;

// Draws all that follows the selection.
async function update() {
  if (hasFilters()) {
    showControls();
    showChips();
    showResult();
    showArticles();
  }
  grids.forEach((grid) => grid.draw());
  showPicks();
  await Promise.all([...Object.keys(figures).map(showFigure), showTopics()]);
  document.documentElement.dataset.drawn = "yes";
}

// Updates run one after the other, however fast the selection changes: a chart is drawn once, then gets new rows.
let updates = Promise.resolve();
let isStale = true;
let lastNarrowed = "";

function show() {
  const narrowed = JSON.stringify({ ...selection, sort: "", tables: {} });
  if (!isStale && narrowed === lastNarrowed) {
    showArticles();
    grids.forEach((grid) => grid.draw());
    return;
  }
  [isStale, lastNarrowed] = [false, narrowed];
  matchArticles();
  grids.forEach((grid) => grid.reset());
  updates = updates.then(() => update());
}

const scrolls = new Map();
let lastFragment = "";

function showSection(section) {
  const target = section && document.getElementById(section);
  if (!target) return;
  target.scrollIntoView();
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

// The fragment of a page gets the selection that the report has, so that a reload of the page does not lose it.
function keepSelection() {
  const parameters = parametersOf(selection).toString();
  if (!parameters) return;
  lastFragment = `${pageFragment(page.kind, page.place)}?${parameters}`;
  window.history.replaceState(null, "", lastFragment);
}

// Shows what the fragment says: a page, or the report.
function follow() {
  if (!page) scrolls.set(lastFragment, window.scrollY);
  const wasPage = page;
  const read = readFragment(window.location.hash);
  lastFragment = window.location.hash;
  page = read.page;
  showNotice(read.unknown);
  document.documentElement.dataset.view = page ? "page" : "report";
  if (page) {
    if (window.location.hash.includes("?")) selection = read.selection; else keepSelection();
    const heading = showPage();
    document.title = `${labelOf(page.kind, page.place)} – ${reportTitle}`;
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
    document.documentElement.dataset.drawn = "yes";
    return;
  }
  document.title = reportTitle;
  selection = read.selection;
  show();
  if (read.unknown.length) window.scrollTo(0, 0);
  if (read.section) showSection(read.section);
  else if (wasPage) window.scrollTo(0, scrolls.get(lastFragment) ?? 0);
}

function prepareFilters() {
  const form = document.getElementById("filters");
  if (!form) return;
  const words = document.getElementById("filter-words");
  const kinds = document.getElementById("filter-kind");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    words.value = "";
    select({ ...nothingSelected(), sort: selection.sort });
  });
  let typed;
  words.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => select({ words: words.value }, true), 120);
  });
  ["topic", "provider", "author"].forEach((kind) => {
    const input = document.getElementById(`filter-${kind}`);
    const counts = { topic: data.topicArticles, provider: data.providerArticles, author: data.authorArticles }[kind];
    if (input) new Combobox(input, namesOf[kind], counts, (place) => { if (!isSelected(kind, place)) toggle(kind, place); });
  });
  const isCounted = data.kinds.filter((kind) => kind.isCounted);
  kinds.append(element("option", isCounted.length === 1 ? isCounted[0].label : "All kinds", { value: "" }));
  if (isCounted.length < data.kinds.length) {
    data.kinds.forEach((kind, i) => { if (!kind.isCounted) kinds.append(element("option", kind.label, { value: i })); });
    kinds.append(element("option", "All kinds", { value: data.kinds.length }));
  } else if (isCounted.length > 1) data.kinds.forEach((kind, i) => kinds.append(element("option", kind.label, { value: i })));
  else kinds.parentElement.hidden = true;
  kinds.addEventListener("change", () => select({ kind: kinds.value === "" ? null : Number(kinds.value) }));
  const lacking = document.getElementById("filter-missing");
  const found = MISSING.map((name, i) => i).filter((i) => articles.at.some((at, article) => lacks(article, i)));
  lacking.append(element("option", "Either way", { value: "" }));
  lacking.append(...found.map((i) => element("option", labelOf("missing", i), { value: i })));
  lacking.parentElement.hidden = !found.length;
  lacking.addEventListener("change", () => select({ missing: lacking.value === "" ? null : Number(lacking.value) }));
  ["from", "to"].forEach((end) => {
    const input = document.getElementById(`filter-${end}`);
    input.addEventListener("change", () => selectDate(end, timeOfDay(input.value)));
  });
}

// Dates that end before they begin become the day that was entered last.
function selectDate(end, at) {
  const dates = { from: selection.from, to: selection.to, [end]: at };
  if (dates.from !== null && dates.to !== null && dates.from > dates.to) Object.assign(dates, { from: at, to: at });
  select(dates);
}

// Links to a section keep the selection.
function prepareSections() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]:not([href^="#/"])');
    if (!link) return;
    event.preventDefault();
    const section = link.getAttribute("href").slice(1);
    const fragment = fragmentOf(selection, section);
    if (section === "main" || window.location.hash === fragment) showSection(section);
    else window.location.hash = fragment;
  });
}

// Names in the sentences of the summary lead to their pages.
function linkNames() {
  document.querySelectorAll("bdi.name[data-place]").forEach((node) => {
    if (node.dataset.kind !== "missing") node.replaceChildren(pageLink(node.dataset.kind, Number(node.dataset.place), node.textContent));
    else {
      const href = fragmentOf({ ...nothingSelected(), missing: Number(node.dataset.place) }, "articles-list");
      node.replaceChildren(element("a", node.textContent, { href }));
    }
  });
}

function prepareDownloads() {
  document.querySelectorAll("[data-save]").forEach((button) => {
    const { save: kind, of } = button.dataset;
    button.addEventListener("click", () => {
      if (kind === "csv") saveNumbers(of);
      else if (views.has(of)) (kind === "svg" ? saveSvg : savePng)(views.get(of), of);
    });
  });
}

function prepareTheme() {
  const button = document.getElementById("theme");
  const themes = ["system", "light", "dark"];
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % themes.length;
    if (at) document.documentElement.dataset.theme = themes[at]; else delete document.documentElement.dataset.theme;
    button.textContent = `Theme: ${themes[at]}`;
  });
}

async function start() {
  await loadArticles();
  prepareTables();
  prepareArticles();
  prepareFilters();
  prepareSections();
  preparePicks();
  prepareDownloads();
  linkNames();
  window.addEventListener("hashchange", follow);
  follow();
}

prepareTheme();
start();
