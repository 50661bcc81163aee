// Articles as a list: a screenful at a time, so that twenty thousand are as quick as twenty.

const FIRST_ARTICLES = 50;
// Pictures are asked of the publishers' sites only after somebody pressed the button, and only in this view.
let arePicturesLoaded = false;

const kindText = (i) => data.kinds[articles.kind[i]].label;

function picture(i) {
  const frame = element("div", undefined, { class: "picture" });
  if (!arePicturesLoaded || !articles.image[i]) return frame;
  const image = element("img", undefined, { alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.remove());
  image.src = articles.image[i];
  frame.append(image);
  return frame;
}

function dateElement(i) {
  if (articles.at[i] === null) return element("span", "no date");
  const at = articles.at[i] * 1000;
  return element("time", dayText(at), { datetime: new Date(at).toISOString() });
}

// Date, provider, authors, kind and event; on the page of an event, when and how much later stands above them.
function articleFacts(i, isOfEvent) {
  const facts = element("p", undefined, { class: "facts" });
  const parts = isOfEvent ? [] : [dateElement(i)];
  if (articles.provider[i] >= 0) parts.push(nameElement("provider", articles.provider[i]));
  articles.authors[i].forEach((author) => parts.push(nameElement("author", author)));
  if (!articles.isCounted[i]) parts.push(element("span", kindText(i)));
  const event = articles.event[i];
  if (event >= 0 && !isOfEvent) {
    const link = pageLink("event", event, `Event with ${countText(data.events[event].articles, "article")}`);
    link.title = data.events[event].title;
    parts.push(link);
  }
  facts.append(...parts);
  return facts;
}

function articleTopics(i) {
  const list = element("p", undefined, { class: "tags" });
  list.append(...articles.topics[i].map((topic) => nameElement("topic", topic)));
  return list;
}

// An article as an item of a list; `lead` is an element in front of its title, such as a lag.
function articleItem(i, lead) {
  const item = element("li");
  const body = element("div", undefined, { class: "body" });
  const title = element("h3");
  title.append(outsideLink(articles.url[i], articles.title[i]));
  if (lead) body.append(lead);
  body.append(title, articleFacts(i, lead !== undefined));
  if (articles.excerpt[i]) body.append(element("p", articles.excerpt[i], { class: "excerpt", dir: "auto" }));
  if (articles.topics[i].length) body.append(articleTopics(i));
  if (articles.hasPictures) item.append(picture(i));
  item.append(body);
  return item;
}

const ARTICLE_COLUMNS = ["Title", "Published", "Provider", "Authors", "Topics", "Kind", "Event", "Words", "URL", "Path", "Excerpt"];

function articleValues(i) {
  const event = articles.event[i];
  return [
    articles.title[i],
    articles.at[i] === null ? null : new Date(articles.at[i] * 1000).toISOString().slice(0, 19).replace("T", " "),
    data.providers[articles.provider[i]] ?? null,
    articles.authors[i].map((author) => data.authors[author]).join(", ") || null,
    articles.topics[i].map((topic) => data.topics[topic]).join(", ") || null,
    kindText(i),
    event >= 0 ? data.events[event].title : null,
    articles.words[i],
    articles.url[i] || null,
    articles.path[i],
    articles.excerpt[i] || null,
  ];
}

// Columns that no listed article fills are left out.
function saveArticles(name, rows) {
  const values = rows.map(articleValues);
  const used = ARTICLE_COLUMNS.map((column, i) => i).filter((i) => values.some((row) => row[i] !== null && row[i] !== 0));
  saveCsv(name, used.map((i) => ARTICLE_COLUMNS[i]), values.map((row) => used.map((i) => row[i])));
}

// Ties stay in the order of the data, which is the latest first.
const ARTICLE_ORDER = {
  oldest: (a, b) => (articles.at[a] ?? Infinity) - (articles.at[b] ?? Infinity) || b - a,
  title: (a, b) => collator.compare(articles.title[a], articles.title[b]),
  provider: (a, b) => placeLast(articles.provider[a]) - placeLast(articles.provider[b]),
  event: (a, b) => eventSize(b) - eventSize(a) || articles.event[a] - articles.event[b],
};

const placeLast = (place) => (place < 0 ? Infinity : providerOrder()[place]);
const eventSize = (i) => data.events[articles.event[i]]?.articles ?? 0;

// The rank of each provider by name.
function providerOrder() {
  if (!articles.providerOrder) {
    const places = data.providers.map((name, i) => i).sort((a, b) => collator.compare(data.providers[a], data.providers[b]));
    articles.providerOrder = [];
    places.forEach((place, rank) => { articles.providerOrder[place] = rank; });
  }
  return articles.providerOrder;
}

// A list of articles in a host element, with a button for more.
class ArticleList {
  constructor(host, lead = () => undefined) {
    this.list = element("ol", undefined, { class: "articles" });
    this.more = element("button", "", { type: "button" });
    this.lead = lead;
    this.more.addEventListener("click", () => this.showMore());
    host.replaceChildren(this.list, this.more);
  }

  show(rows) {
    this.rows = rows;
    this.list.replaceChildren();
    this.append();
  }

  append() {
    const from = this.list.children.length;
    this.list.append(...this.rows.slice(from, from + FIRST_ARTICLES).map((i, at) => articleItem(i, this.lead(i, from + at))));
    const left = this.rows.length - this.list.children.length;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(left, FIRST_ARTICLES)} more of ${numberText(this.rows.length)}`;
  }

  showMore() {
    const first = this.list.children.length;
    this.append();
    const next = this.list.children[first]?.querySelector("a, button");
    next?.focus();
  }
}

let mainList;

function sortedArticles() {
  const order = ARTICLE_ORDER[selection.sort];
  return order ? [...matching].sort(order) : matching;
}

function showArticles() {
  if (!mainList) return;
  document.getElementById("sort-articles").value = selection.sort;
  document.getElementById("articles-found").textContent = countText(matching.length, "article");
  mainList.show(sortedArticles());
}

function preparePictures() {
  articles.hasPictures = articles.image.some(Boolean);
  const button = document.getElementById("load-pictures");
  const parts = document.querySelectorAll("[data-pictures]");
  parts.forEach((each) => { each.hidden = !articles.hasPictures; });
  button.addEventListener("click", () => {
    arePicturesLoaded = true;
    parts.forEach((each) => each.remove());
    showArticles();
    if (page) showPage();
    document.getElementById("sort-articles").focus();
  });
}

function prepareArticles() {
  const host = document.getElementById("article-list");
  if (!host) return;
  mainList = new ArticleList(host);
  const sort = document.getElementById("sort-articles");
  sort.append(...Object.entries(SORTS)
    .filter(([value]) => (value !== "provider" || data.providers.length) && (value !== "event" || data.events.length))
    .map(([value, text]) => element("option", text, { value })));
  sort.addEventListener("change", () => select({ sort: sort.value }));
  document.getElementById("csv-articles").addEventListener("click", () => saveArticles("articles", sortedArticles()));
  preparePictures();
}
