// The articles of the selection, and the rows of each chart.

// The number of topics, providers and authors in a chart; counts of all articles are of these topics and authors, and
// of the first forty providers.
const CHARTED = 12;
const COUNTED_PROVIDERS = 40;
const PAIRS = 15;
const EVENTS = 50;

// The listed articles of the selection, and those of all dates, by position.
let matching = [];
let matchingOfAllDates = [];

function isInDates(day) {
  if (selection.from === null && selection.to === null) return true;
  return day !== null && day >= (selection.from ?? -Infinity) && day <= (selection.to ?? Infinity);
}

// Whether an article is without something, by its position in MISSING.
function lacks(i, missing) {
  switch (MISSING[missing]) {
    case "topic": return data.topics.length > 0 && !articles.topics[i].length;
    case "provider": return data.providers.length > 0 && articles.provider[i] < 0;
    case "author": return data.authors !== undefined && !articles.authors[i].length;
    default: return articles.at[i] === null;
  }
}

function matchArticles() {
  const { topics, provider, author, event, kind, missing } = selection;
  const words = selection.words.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = words.length ? searchTexts() : [];
  matchingOfAllDates = [];
  for (let i = 0; i < articles.count; i += 1) {
    const isOfKind = kind === null ? articles.isCounted[i] : kind === data.kinds.length || articles.kind[i] === kind;
    if (isOfKind
      && (provider === null || articles.provider[i] === provider)
      && (event === null || articles.event[i] === event)
      && (missing === null || lacks(i, missing))
      && topics.every((topic) => articles.topics[i].includes(topic))
      && (author === null || articles.authors[i].includes(author))
      && words.every((word) => texts[i].includes(word))) matchingOfAllDates.push(i);
  }
  const isOfAllDates = selection.from === null && selection.to === null;
  matching = isOfAllDates ? matchingOfAllDates : matchingOfAllDates.filter((i) => isInDates(articles.day[i]));
  byTopic = groupByTopic(matching);
  byTopicOfAllDates = isOfAllDates ? byTopic : groupByTopic(matchingOfAllDates);
}

function isInPeriods(period) {
  if (selection.from === null && selection.to === null) return true;
  return period >= 0 && isInDates(data.periods.start[period]);
}

function areDatesWholePeriods() {
  const { from, to } = selection;
  return (from === null || data.periods.start.includes(from))
    && (to === null || data.periods.end.includes(to + DAY));
}

// The counts of all articles that answer the selection where not all are listed: by topic if there is one.
function countsOfAll() {
  const { topics, provider, author, event, kind, missing, words } = selection;
  if (isWhole || [author, event, kind, missing].some((one) => one !== null) || words.trim() || topics.length > 1) return null;
  if (!areDatesWholePeriods() || (provider ?? 0) >= COUNTED_PROVIDERS) return null;
  return topics.length && topics[0] >= CHARTED ? null : data.counts;
}

// The listed articles of the selection by topic, each list made once.
let byTopic = new Map();
let byTopicOfAllDates = new Map();

function groupByTopic(rows) {
  const groups = new Map();
  rows.forEach((i) => articles.topics[i].forEach((topic) => {
    const group = groups.get(topic);
    if (group) group.push(i); else groups.set(topic, [i]);
  }));
  return groups;
}

// The listed articles of the selection, with a topic or all of them.
function listedRows(topic, isOfAllDates) {
  if (topic === null) return isOfAllDates ? matchingOfAllDates : matching;
  return (isOfAllDates ? byTopicOfAllDates : byTopic).get(topic) ?? [];
}

// Calls a function with the provider, the period and the number of articles of each count in the selection.
function eachCount(topic, visit, isOfAllDates = false) {
  const all = countsOfAll();
  if (!all) {
    listedRows(topic, isOfAllDates).forEach((i) => visit(articles.provider[i], articles.period[i], 1));
    return;
  }
  const counted = topic ?? selection.topics[0] ?? null;
  const counts = counted === null ? all.coverage : all.topic;
  counts.articles.forEach((count, i) => {
    if (counted !== null && counts.topic[i] !== counted) return;
    if (selection.provider !== null && counts.provider[i] !== selection.provider) return;
    if (isOfAllDates || isInPeriods(counts.period[i])) visit(counts.provider[i], counts.period[i], count);
  });
}

function countOf(topic = null) {
  let count = 0;
  eachCount(topic, (provider, period, each) => { count += each; });
  return count;
}

// A row per period. Periods outside the selected dates stay, paler, so that another one can be clicked.
function overTime(topic = null) {
  const counts = data.periods.label.map(() => 0);
  eachCount(topic, (provider, period, count) => { if (period >= 0) counts[period] += count; }, true);
  return periodRows(counts, overlapsDates);
}

// A row per period with its number of articles.
function periodRows(counts, isSelected) {
  return data.periods.label.map((label, i) => ({
    label,
    start: data.periods.start[i],
    end: data.periods.end[i],
    articles: counts[i],
    isWhole: data.periods.complete[i],
    isSelected: isSelected(i),
  }));
}

function overlapsDates(period) {
  return data.periods.start[period] <= (selection.to ?? Infinity) && data.periods.end[period] > (selection.from ?? -Infinity);
}

// The places with the largest counts, ties in the order of the list.
function largest(counts, limit = CHARTED) {
  return [...counts.entries()].filter(([, count]) => count).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);
}

function add(counts, place, count = 1) {
  counts.set(place, (counts.get(place) ?? 0) + count);
}

// The number of articles of each provider, topic or author in some listed articles.
function tally(rows, column) {
  const counts = new Map();
  const values = articles[column];
  rows.forEach((i) => {
    if (Array.isArray(values[i])) values[i].forEach((place) => add(counts, place));
    else if (values[i] >= 0) add(counts, values[i]);
  });
  return counts;
}

function byProvider(topic = null) {
  const counts = new Map();
  eachCount(topic, (provider, period, count) => { if (provider >= 0) add(counts, provider, count); });
  return counts;
}

function withoutOmnipresent(counts) {
  const first = data.topics.length - data.omnipresent;
  return new Map([...counts].filter(([topic]) => topic < first));
}

// The topics in the charts: those selected, then those with the most articles in the selection.
function chartedTopics() {
  const all = countsOfAll();
  if (all && selection.topics.length) return selection.topics;
  if (all) return largest(new Map(data.topics.slice(0, CHARTED).map((name, i) => [i, countOf(i)]))).map(([topic]) => topic);
  const counts = withoutOmnipresent(tally(matching, "topics"));
  const others = largest(counts).map(([topic]) => topic).filter((topic) => !selection.topics.includes(topic));
  return [...selection.topics, ...others].slice(0, CHARTED);
}

function providerRows() {
  const all = countOf();
  return largest(byProvider()).map(([provider, count]) => ({
    provider: data.providers[provider], articles: count, share: count / all, place: provider,
  }));
}

// The sum of all other providers would dwarf the bars, so it is a sentence.
function otherProviders() {
  const all = countOf();
  const others = all - providerRows().reduce((sum, row) => sum + row.articles, 0);
  const base = countsOfAll() && selection.topics.length ? `Of the ${COUNTED_PROVIDERS} providers with most articles. ` : "";
  return others ? `${base}All others, and articles without a provider: ${numberText(others)} of ${numberText(all)}.` : base;
}

// An article of several authors counts for each of them.
function authorRows() {
  let counts = tally(matching, "authors");
  const all = countsOfAll();
  if (all && !selection.topics.length) {
    counts = new Map();
    all.author.articles.forEach((count, i) => {
      if (isInPeriods(all.author.period[i])) add(counts, all.author.author[i], count);
    });
  }
  const total = all && !selection.topics.length ? countOf() : matching.length;
  return largest(counts).map(([author, count]) => ({
    author: data.authors[author], articles: count, share: count / total, place: author,
  }));
}

function heatRows() {
  const providers = largest(byProvider()).map(([provider]) => provider);
  return chartedTopics().flatMap((topic) => {
    const counts = byProvider(topic);
    return providers.filter((provider) => counts.get(provider)).map((provider) => ({
      topic: data.topics[topic], provider: data.providers[provider], articles: counts.get(provider),
      topicPlace: topic, providerPlace: provider,
    }));
  });
}

function pairRows() {
  return data.pairs.filter((pair) => selection.topics.every((topic) => pair.topics.includes(topic))).slice(0, PAIRS);
}

// The events of several articles with an article in the selection, in the order of the list.
function matchingEvents() {
  return [...tally(matching, "event").keys()].sort((a, b) => a - b);
}

function eventRows() {
  const events = isNarrowed() ? matchingEvents() : data.events.map((event, i) => i);
  return events.slice(0, EVENTS).map((place) => ({ ...data.events[place], place }));
}
