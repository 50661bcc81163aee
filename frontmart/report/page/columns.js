"use strict";
// The data of the page: names, periods and events, and the listed articles, one array per column.

const data = JSON.parse(document.getElementById("data").textContent);
const DAY = 86_400_000;
const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
// To make a format takes a hundred times as long as to use it.
const numberFormat = new Intl.NumberFormat("en");
const numberText = (number) => numberFormat.format(number);

function countText(count, noun) {
  return `${numberText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

// The listed articles, the latest first: columns by name, and these that are derived from them.
const articles = { count: 0 };
// Whether all articles are listed, so that every number can be counted here.
let isWhole = true;

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// The position of the last start that is not after a time, -1 for none.
function lastStart(starts, at) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) low = middle + 1; else high = middle;
  }
  return low - 1;
}

// The period of a time in milliseconds, -1 for none.
function periodOf(at) {
  const period = lastStart(data.periods.start, at);
  return period >= 0 && at < data.periods.end[period] ? period : -1;
}

async function loadArticles() {
  Object.assign(articles, await unpack(document.getElementById("articles").textContent));
  articles.count = articles.title.length;
  isWhole = articles.count === data.articleCount;
  articles.day = articles.at.map((at) => (at === null ? null : Math.floor((at * 1000) / DAY) * DAY));
  articles.period = articles.day.map((day) => (day === null ? -1 : periodOf(day)));
  articles.isCounted = articles.kind.map((kind) => data.kinds[kind].isCounted);
  articles.authors ??= articles.title.map(() => []);
}

// What a search looks at, in lower case; made by the first search.
function searchTexts() {
  articles.text ??= articles.title.map((title, i) => [
    title,
    articles.excerpt[i],
    data.providers[articles.provider[i]] ?? "",
    ...articles.topics[i].map((topic) => data.topics[topic]),
    ...articles.authors[i].map((author) => data.authors[author]),
  ].join("\n").toLowerCase());
  return articles.text;
}

// The articles of an event of several, in the order of publication.
function articlesOfEvent(event) {
  const found = [];
  for (let i = articles.count - 1; i >= 0; i -= 1) if (articles.event[i] === event) found.push(i);
  return found.sort((a, b) => articles.at[a] - articles.at[b]);
}
