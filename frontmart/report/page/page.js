// The page: the first drawing, updates when a filter changes, and the theme.

const views = new Map();
const filters = {
  topic: document.getElementById("filter-topic"),
  provider: document.getElementById("filter-provider"),
  from: document.getElementById("filter-from"),
  to: document.getElementById("filter-to"),
};

function describeTopic() {
  return chosen.topic ? [data.topics[chosen.topic - 1]] : [];
}

function describePeriod() {
  return isWholeSpan() ? [] : [`${data.periods.label[chosen.from]} to ${data.periods.label[chosen.to]}`];
}

function describeSelection() {
  const provider = chosen.provider ? [data.providers[chosen.provider - 1]] : [];
  return [...describeTopic(), ...provider, ...describePeriod()];
}

// The selection that a figure follows, if not all of it.
const selectionOf = { pairs: describeTopic, authors: describePeriod, runs: () => [] };

async function showFigure(name) {
  const figure = document.querySelector(`[data-figure="${name}"]`);
  if (!figure) return;
  const { rows: compute, columns, remainder = () => "", isEmpty = (rows) => !rows.length } = figures[name];
  const rows = compute();
  const host = figure.querySelector("[data-chart]");
  const empty = isEmpty(rows);
  host.hidden = empty;
  figure.querySelector(".empty").hidden = !empty;
  figure.querySelector(".remainder").textContent = remainder();
  numbers(figure.querySelector("[data-numbers]"), rows, columns);
  const words = selectionOf[name] ? selectionOf[name]() : describeSelection();
  figure.querySelector("[data-chosen]").textContent = words.join(" · ");
  if (empty) return;
  if (views.has(name)) await redraw(views.get(name), rows);
  else views.set(name, await draw(host, name, rows));
}

async function showTopics() {
  const list = document.querySelector(".multiples");
  if (!list) return;
  await Promise.all(data.topics.map(async (name, i) => {
    const rows = overTime(i + 1);
    const key = `topic ${i + 1}`;
    const card = list.children[i];
    card.hidden = chosen.topic !== 0 && chosen.topic !== i + 1;
    const peak = rows.reduce((best, row) => (row.articles > best.articles ? row : best), { articles: 0, label: "" });
    const most = peak.articles ? `, most in ${peak.label} (${peak.articles.toLocaleString("en")})` : "";
    const summary = articleCount(countOf(i + 1)) + most;
    card.querySelector("p").textContent = summary;
    card.querySelector(".chart").setAttribute("aria-label", `${name}: ${summary}`);
    if (card.hidden) return;
    if (views.has(key)) await redraw(views.get(key), rows);
    else views.set(key, await draw(card.querySelector(".chart"), "topic", rows));
  }));
}

function prepareTopics() {
  const list = document.querySelector(".multiples");
  if (!list) return;
  list.append(...data.topics.map((name) => {
    const card = element("li");
    const heading = element("h4", name, { title: name, dir: "auto" });
    const chart = element("div", undefined, { class: "chart", role: "img" });
    card.append(heading, element("p", "", { class: "note" }), chart);
    return card;
  }));
}

async function update() {
  const result = document.getElementById("filter-result");
  const words = describeSelection().join(" · ");
  if (document.getElementById("table-events")) {
    document.querySelector('[data-chosen="events-table"]').textContent = words;
    narrow("events");
  }
  await Promise.all([...Object.keys(figures).map(showFigure), showTopics()]);
  if (result) {
    const events = document.getElementById("table-events") ? ", and to the table of events" : "";
    const whole = `Filters apply to the charts that name them${events}.`;
    result.textContent = words ? `${articleCount(countOf(chosen.topic))}: ${words}` : whole;
  }
  // A chart that was hidden while the window was resized adapts its width now.
  window.dispatchEvent(new Event("resize"));
  document.documentElement.dataset.drawn = "yes";
}

// Updates run one after the other, however fast filters change: a chart is drawn once, then gets new rows.
let updates = Promise.resolve();

function show() {
  updates = updates.then(update);
}

function fill(select, names, first) {
  select.append(...names.map((name, i) => element("option", name, { value: i + first })));
}

function prepareFilters() {
  const form = document.getElementById("filters");
  if (!form) return;
  fill(filters.topic, data.topics, 1);
  fill(filters.provider, data.providers, 1);
  fill(filters.from, data.periods.label, 0);
  fill(filters.to, data.periods.label, 0);
  const reset = () => {
    Object.assign(chosen, { topic: 0, provider: 0, from: 0, to: Math.max(0, data.periods.label.length - 1) });
    Object.entries(filters).forEach(([name, select]) => { select.value = String(chosen[name]); });
  };
  reset();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); reset(); show(); });
  form.addEventListener("change", (event) => {
    Object.entries(filters).forEach(([name, select]) => { chosen[name] = Number(select.value); });
    // A range that ends before it begins becomes the period that was selected last.
    if (chosen.from > chosen.to) {
      if (event.target === filters.from) chosen.to = chosen.from; else chosen.from = chosen.to;
      filters.from.value = String(chosen.from);
      filters.to.value = String(chosen.to);
    }
    show();
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

prepareTheme();
prepareTables();
prepareTopics();
prepareFilters();
show();
