// Pages of one event, topic, provider or author, which are views of the same file: #/event/ID, #/topic/NAME.

const PAGE_NAMES = { event: "Event", topic: "Topic", provider: "Provider", author: "Author" };
const COLUMN_OF = { topic: "topics", provider: "provider", author: "authors" };
const FIRST_NAMES = 12;

function fact(label, text) {
  const group = element("div");
  group.append(element("dt", label), element("dd", text, { dir: "auto" }));
  return group;
}

function facts(entries) {
  const list = element("dl", undefined, { class: "page-facts" });
  list.append(...entries.filter(([, text]) => text).map(([label, text]) => fact(label, text)));
  return list;
}

// The articles of a page that the report counts: all dates and no selection.
function articlesOfPage({ kind, place }) {
  if (kind === "event") return articlesOfEvent(place);
  const values = articles[COLUMN_OF[kind]];
  return values.flatMap((value, i) => (
    articles.isCounted[i] && (Array.isArray(value) ? value.includes(place) : value === place) ? [i] : []
  ));
}

// Names with the number of the page's articles that have them.
function namesSection(title, kind, counts, without = -1) {
  const names = largest(counts, FIRST_NAMES + 1).filter(([place]) => place !== without).slice(0, FIRST_NAMES);
  if (!names.length) return [];
  const section = element("section", undefined, { class: "names" });
  const list = element("ul");
  list.append(...names.map(([place, count]) => {
    const item = element("li");
    item.append(pageLink(kind, place), element("span", numberText(count), { class: "count" }));
    return item;
  }));
  section.append(element("h3", title), list);
  return [section];
}

function pageSections(rows, shown) {
  const host = element("div", undefined, { class: "page-names" });
  if (shown.kind !== "provider") host.append(...namesSection("Providers", "provider", tally(rows, "provider")));
  if (data.authors && shown.kind !== "author") host.append(...namesSection("Authors", "author", tally(rows, "authors")));
  const topics = withoutOmnipresent(tally(rows, "topics"));
  const title = shown.kind === "topic" ? "Topics on the same articles" : "Topics";
  host.append(...namesSection(title, "topic", topics, shown.kind === "topic" ? shown.place : -1));
  if (shown.kind !== "event") host.append(...namesSection("Largest events", "event", eventSizes(rows)));
  return host;
}

// The events of some articles, by all their articles.
function eventSizes(rows) {
  return new Map([...tally(rows, "event").keys()].map((place) => [place, data.events[place].articles]));
}

function datesOf(rows) {
  const times = rows.map((i) => articles.at[i]).filter((at) => at !== null);
  if (!times.length) return "no date";
  const [first, last] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  const [from, to] = [dayText(first * 1000), dayText(last * 1000)];
  return from === to ? from : `${from} to ${to}`;
}

function eventFacts(place, rows) {
  const event = data.events[place];
  const listed = rows.length < event.articles ? ` (${numberText(rows.length)} of them listed here)` : "";
  return facts([
    ["Articles", `${numberText(event.articles)}${listed}`],
    ["Organisations", numberText(event.organisations)],
    ["First to publish", event.by],
    ["First article", `${momentText(event.first)} UTC`],
    ["Span", durationText((event.last - event.first) / 3_600_000)],
    ["Copies", numberText(event.copies)],
  ]);
}

function totalOf({ kind, place }) {
  return { topic: data.topicArticles, provider: data.providerArticles, author: data.authorArticles }[kind][place];
}

function nameFacts(shown, rows) {
  const total = totalOf(shown);
  const listed = rows.length < total ? ` (${numberText(rows.length)} of them listed here)` : "";
  const events = new Set(rows.map((i) => articles.event[i]).filter((event) => event >= 0)).size;
  return facts([
    ["Articles", `${numberText(total)}${listed}`],
    ["Dates", datesOf(rows)],
    ["Providers", shown.kind !== "provider" && data.providers.length ? numberText(tally(rows, "provider").size) : ""],
    ["Events of several articles", events ? numberText(events) : ""],
  ]);
}

// Hours after the first article of an event.
function lagText(i, rows) {
  const hours = (articles.at[i] - articles.at[rows[0]]) / 3600;
  if (!hours) return "first";
  return hours < 1 ? "within the hour" : `${durationText(hours)} later`;
}

function pageActions(shown, rows) {
  const actions = element("p", undefined, { class: "actions" });
  const back = element("a", "← Back to the report", { href: fragmentOf(selection) });
  const filter = element("button", `Filter the report by this ${shown.kind}`, { type: "button" });
  filter.addEventListener("click", () => {
    if (isSelected(shown.kind, shown.place)) select({}); else toggle(shown.kind, shown.place);
  });
  const csv = element("button", "Download CSV", { type: "button" });
  csv.addEventListener("click", () => saveArticles(shown.kind, rows));
  actions.append(back, filter, csv);
  return actions;
}

let pageView;

async function pageChart(host, rows) {
  const dated = rows.filter((i) => articles.period[i] >= 0);
  if (dated.length < 2) return;
  const counts = tally(dated, "period");
  const chart = element("div", undefined, { class: "chart", role: "img", "aria-label": "Articles over time" });
  host.append(chart);
  pageView?.finalize();
  pageView = await draw(chart, "over-time", periodRows(data.periods.label.map((label, i) => counts.get(i) ?? 0), () => true));
}

function showPage() {
  const host = document.getElementById("page");
  const rows = articlesOfPage(page);
  const heading = element("h2", labelOf(page.kind, page.place), { tabindex: "-1", dir: "auto" });
  const chart = element("div");
  const list = element("div");
  const isEvent = page.kind === "event";
  host.replaceChildren(
    pageActions(page, rows),
    element("p", PAGE_NAMES[page.kind], { class: "note" }),
    heading,
    isEvent ? eventFacts(page.place, rows) : nameFacts(page, rows),
    chart,
    pageSections(rows, page),
    element("h3", isEvent ? "Articles in the order of publication" : "Articles, the latest first", { class: "list-title" }),
    list,
  );
  const lead = (i) => element("p", `${momentText(articles.at[i] * 1000)} · ${lagText(i, rows)}`, { class: "lag" });
  new ArticleList(list, isEvent ? lead : undefined).show(rows);
  if (!isEvent && data.periods.label.length > 1) pageChart(chart, rows);
  return heading;
}
