"use strict";
// The rows of each chart, computed from the counts of the page and the selected filters.

const data = JSON.parse(document.getElementById("data").textContent);

// The selection: ranks of a topic and a provider, 0 for all; the first and the last period.
const chosen = { topic: 0, provider: 0, from: 0, to: Math.max(0, data.periods.label.length - 1) };

function isWholeSpan() {
  return chosen.from === 0 && chosen.to >= data.periods.label.length - 1;
}

// Calls a function with the provider, the period and the number of articles of each count in the selection. Articles
// outside all periods count if all periods are selected.
function eachCount(topic, visit) {
  const counts = topic ? data.topicCoverage : data.coverage;
  for (let i = 0; i < counts.articles.length; i += 1) {
    const period = counts.period[i];
    if (topic && counts.topic[i] !== topic) continue;
    if (chosen.provider && counts.provider[i] !== chosen.provider) continue;
    const isIn = period < 0 ? isWholeSpan() : period >= chosen.from && period <= chosen.to;
    if (isIn) visit(counts.provider[i], period, counts.articles[i]);
  }
}

function articleCount(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`;
}

function overTime(topic) {
  const articles = data.periods.label.map(() => 0);
  eachCount(topic, (provider, period, count) => { if (period >= 0) articles[period] += count; });
  return data.periods.label
    .map((label, i) => ({
      label,
      start: data.periods.start[i],
      end: data.periods.end[i],
      articles: articles[i],
      complete: data.periods.complete[i],
    }))
    .slice(chosen.from, chosen.to + 1);
}

function countOf(topic) {
  let articles = 0;
  eachCount(topic, (provider, period, count) => { articles += count; });
  return articles;
}

function byProvider(topic) {
  const articles = [0, ...data.providers.map(() => 0)];
  eachCount(topic, (provider, period, count) => { articles[provider] += count; });
  return articles;
}

// The ranks of the providers in the charts: those with the most articles in the selection.
function largestProviders() {
  const articles = byProvider(chosen.topic);
  return data.providers
    .map((name, i) => i + 1)
    .filter((rank) => articles[rank])
    .sort((a, b) => articles[b] - articles[a] || a - b)
    .slice(0, 12);
}

function providerRows() {
  const articles = byProvider(chosen.topic);
  const all = countOf(chosen.topic);
  return largestProviders().map((rank) => ({
    provider: data.providers[rank - 1], articles: articles[rank], share: articles[rank] / all,
  }));
}

// The sum of all other providers would dwarf the bars, so it is a sentence.
function otherProviders() {
  const all = countOf(chosen.topic);
  const others = all - providerRows().reduce((sum, row) => sum + row.articles, 0);
  const share = `${others.toLocaleString("en")} of ${all.toLocaleString("en")}`;
  return others ? `All others, and articles without a provider: ${share}.` : "";
}

// The authors in the chart; an article of several authors counts for each of them. Follows the period alone.
function authorRows() {
  const { author: ranks, period: periods, articles: counts } = data.authorCoverage;
  const articles = data.authors.map(() => 0);
  ranks.forEach((rank, i) => {
    const isIn = periods[i] < 0 ? isWholeSpan() : periods[i] >= chosen.from && periods[i] <= chosen.to;
    if (isIn) articles[rank - 1] += counts[i];
  });
  let all = 0;
  data.coverage.articles.forEach((count, i) => {
    const period = data.coverage.period[i];
    if (period < 0 ? isWholeSpan() : period >= chosen.from && period <= chosen.to) all += count;
  });
  return data.authors
    .map((author, i) => ({ author, articles: articles[i], share: articles[i] / all }))
    .filter((row) => row.articles)
    .sort((a, b) => b.articles - a.articles);
}

function heatRows() {
  const topics = chosen.topic ? [chosen.topic] : data.topics.map((name, i) => i + 1);
  const providers = largestProviders();
  return topics.flatMap((topic) => {
    const articles = byProvider(topic);
    return providers
      .filter((rank) => articles[rank])
      .map((rank) => ({ topic: data.topics[topic - 1], provider: data.providers[rank - 1], articles: articles[rank] }));
  });
}

function pairRows() {
  return data.pairs.filter((pair) => !chosen.topic || pair.topics.includes(chosen.topic)).slice(0, 15);
}

function matchesFilters(event) {
  const start = data.periods.start[chosen.from];
  const end = data.periods.end[chosen.to];
  return (!chosen.topic || event.topicRanks.includes(chosen.topic))
    && (!chosen.provider || event.providerRanks.includes(chosen.provider))
    && (isWholeSpan() || (event.first < end && event.last >= start));
}

function eventRows() {
  return data.events.filter(matchesFilters);
}
