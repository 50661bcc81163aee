// Rows of the tables of topics, providers, authors and events, counted from the articles of the selection. Cells are
// named as the columns of the queries: { text, sort }, where sort is there for numbers.

const numberValue = (value) => ({ text: numberText(value), sort: value });
const dateValue = (at) => (at === null ? { text: NONE } : { text: dayText(at), sort: at / 1000 });

// Windows of days before the last day of the report: 0 for the last, 1 for the one before, -1 for none.
function windowOf(day) {
  const { end, days } = data.window;
  if (day === null || end === null || day > end) return -1;
  const number = Math.floor((end - day) / DAY / days);
  return number < 2 ? number : -1;
}

function newTotals() {
  return { articles: 0, ownEvents: 0, events: new Set(), others: new Map(), windows: [0, 0], newest: null, oldest: null };
}

// What is counted of each topic, provider or author: its articles, events, and the other names of its articles.
function totalsBy(column, otherColumn) {
  const totals = new Map();
  matching.forEach((i) => {
    const values = articles[column][i];
    (Array.isArray(values) ? values : [values]).forEach((place) => {
      if (place < 0) return;
      if (!totals.has(place)) totals.set(place, newTotals());
      count(totals.get(place), i, otherColumn);
    });
  });
  return totals;
}

function count(total, i, otherColumn) {
  total.articles += 1;
  if (articles.event[i] >= 0) total.events.add(articles.event[i]);
  else if (articles.event[i] === -1) total.ownEvents += 1;
  const others = articles[otherColumn][i];
  if (Array.isArray(others)) others.forEach((place) => add(total.others, place));
  else if (others >= 0) add(total.others, others);
  const window = windowOf(articles.day[i]);
  if (window >= 0) total.windows[window] += 1;
  if (articles.at[i] === null) return;
  const at = articles.at[i] * 1000;
  total.newest = Math.max(total.newest ?? at, at);
  total.oldest = Math.min(total.oldest ?? at, at);
}

function cellsOf(total) {
  return {
    article_count: numberValue(total.articles),
    article_share: { text: percentText(total.articles / matching.length), sort: total.articles / matching.length },
    event_count: numberValue(total.events.size + total.ownEvents),
    window_article_count: numberValue(total.windows[0]),
    previous_window_article_count: numberValue(total.windows[1]),
    first_published_at: dateValue(total.oldest),
    last_published_at: dateValue(total.newest),
  };
}

function rowsBy(kind, column, otherColumn, ownCells) {
  return [...totalsBy(column, otherColumn)]
    .sort(([a, one], [b, other]) => other.articles - one.articles || a - b)
    .map(([place, total]) => ({ kind, place, cells: { ...cellsOf(total), ...ownCells(place, total) } }));
}

function eventCells(event) {
  return {
    title: { text: event.title },
    organisation_count: numberValue(event.organisations),
    article_count: numberValue(event.articles),
    copy_count: numberValue(event.copies),
    first_organisation_count: { text: event.by || NONE },
    first_published_at: { text: momentText(event.first), sort: event.first / 1000 },
    span_hours: { text: durationText((event.last - event.first) / 3_600_000), sort: (event.last - event.first) / 3_600_000 },
    topic_count: numberValue(event.topics),
  };
}

// The rows of each table in the selection.
const measured = {
  topics: () => rowsBy("topic", "topics", "provider", (place, total) => ({
    topic: { text: data.topics[place] },
    provider_count: numberValue(total.others.size),
    top_provider_name: { text: labelOfLargest("provider", total.others) },
  })).filter((row) => row.place < data.topics.length - data.omnipresent),
  providers: () => rowsBy("provider", "provider", "topics", (place) => ({ label: { text: data.providers[place] } })),
  authors: () => rowsBy("author", "authors", "topics", (place, total) => ({
    label: { text: data.authors[place] },
    top_topic: { text: labelOfLargest("topic", withoutOmnipresent(total.others)) },
  })),
  events: () => matchingEvents().map((place) => ({ kind: "event", place, cells: eventCells(data.events[place]) })),
};

function labelOfLargest(kind, counts) {
  const [first] = largest(counts, 1);
  return first ? namesOf[kind][first[0]] : NONE;
}
