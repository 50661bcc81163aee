// What is selected and shown, which the fragment of the URL has whole: a reload or a mailed link shows the same.
//
// #/?topic=A&topic=B&provider=C&from=2026-01-01 is the report of a selection, #/coverage?... one of its sections,
// #/event/ID, #/topic/NAME, #/provider/NAME and #/author/NAME are pages; #/event/ID?topic=A leads back to the selection.

const PAGES = ["event", "topic", "provider", "author"];
const SORTS = { newest: "Newest first", oldest: "Oldest first", title: "By title", provider: "By provider", event: "Largest event first" };

// What an article can be without.
const MISSING = ["topic", "provider", "author", "date"];

const nothingSelected = () => ({
  topics: [], provider: null, author: null, event: null, kind: null, missing: null, from: null, to: null, words: "", sort: "newest",
  tables: {},
});

let selection = nothingSelected();
// The page that is shown, if it is not the report: its kind and the position of what it is about.
let page = null;

const namesOf = {
  topic: data.topics,
  provider: data.providers,
  author: data.authors ?? [],
  event: data.events.map((event) => event.id),
  kind: [...data.kinds.map((kind) => kind.name), "all"],
  missing: MISSING,
};
const placesOf = Object.fromEntries(
  Object.entries(namesOf).map(([kind, names]) => [kind, new Map(names.map((name, i) => [name, i]))]),
);

function labelOf(kind, place) {
  if (kind === "event") return data.events[place].title;
  if (kind === "missing") return `No ${MISSING[place]}`;
  if (kind === "kind") return place < data.kinds.length ? data.kinds[place].label : "All kinds";
  return namesOf[kind][place];
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Milliseconds of a day such as 2026-01-31, null for another text.
function timeOfDay(text) {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(at) ? null : at;
}

// Reads one parameter into a selection; returns whether its value is known.
function readParameter(chosen, name, value) {
  const [table, property] = name.split(".");
  if (property === "sort" || property === "find") {
    if (!document.getElementById(`table-${table}`)) return false;
    chosen.tables[table] = { ...chosen.tables[table], [property]: value };
    return true;
  }
  if (name === "words") chosen.words = value;
  else if (name === "sort") chosen.sort = Object.hasOwn(SORTS, value) ? value : chosen.sort;
  else if (name === "from" || name === "to") chosen[name] = timeOfDay(value);
  else if (name === "topic") {
    const place = placesOf.topic.get(value);
    if (place === undefined) return false;
    if (!chosen.topics.includes(place)) chosen.topics.push(place);
  } else if (Object.hasOwn(placesOf, name)) chosen[name] = placesOf[name].get(value) ?? null;
  else return false;
  if (name === "sort") return Object.hasOwn(SORTS, value);
  return name === "words" || name === "topic" || chosen[name] !== null;
}

function withSection(read, section) {
  if (section && !document.getElementById(section)) read.unknown.push(`section “${section}”`);
  return { ...read, section };
}

// Reads a fragment: the selection, the page, the section, and what in it this report does not know.
function readFragment(fragment) {
  const text = fragment.replace(/^#/, "");
  const read = { selection: nothingSelected(), page: null, section: "", unknown: [] };
  if (!text.startsWith("/")) return withSection(read, decode(text));
  const at = text.indexOf("?");
  const path = at < 0 ? text.slice(1) : text.slice(1, at);
  for (const [name, value] of at < 0 ? [] : new URLSearchParams(text.slice(at + 1))) {
    if (!readParameter(read.selection, name, value)) read.unknown.push(`${name} “${value}”`);
  }
  const slash = path.indexOf("/");
  if (slash < 0) return withSection(read, decode(path));
  const kind = path.slice(0, slash);
  const name = decode(path.slice(slash + 1));
  const place = PAGES.includes(kind) ? placesOf[kind].get(name) : undefined;
  if (place === undefined) read.unknown.push(`${kind} “${name}”`); else read.page = { kind, place };
  return read;
}

function parametersOf(chosen) {
  const parameters = new URLSearchParams();
  chosen.topics.forEach((topic) => parameters.append("topic", data.topics[topic]));
  ["provider", "author", "event", "kind", "missing"].forEach((kind) => {
    if (chosen[kind] !== null) parameters.set(kind, namesOf[kind][chosen[kind]]);
  });
  ["from", "to"].forEach((end) => { if (chosen[end] !== null) parameters.set(end, dayOf(chosen[end])); });
  if (chosen.words.trim()) parameters.set("words", chosen.words.trim());
  if (chosen.sort !== "newest") parameters.set("sort", chosen.sort);
  Object.entries(chosen.tables).forEach(([table, state]) => {
    ["sort", "find"].forEach((name) => { if (state[name]) parameters.set(`${table}.${name}`, state[name]); });
  });
  return parameters;
}

function fragmentOf(chosen, section = "") {
  const parameters = parametersOf(chosen).toString();
  return `#/${encodeURIComponent(section)}${parameters ? `?${parameters}` : ""}`;
}

function pageFragment(kind, place) {
  return `#/${kind}/${encodeURIComponent(namesOf[kind][place])}`;
}

// Goes to a changed selection: a step of the history, or in place of the last one while somebody types.
function select(changes, isTyping = false) {
  const fragment = fragmentOf({ ...selection, ...changes });
  if (isTyping) window.location.replace(fragment); else window.location.hash = fragment;
}

function isSelected(kind, place) {
  return kind === "topic" ? selection.topics.includes(place) : selection[kind] === place;
}

// Adds something to the selection, or takes it off if it is selected.
function toggle(kind, place) {
  if (kind !== "topic") return select({ [kind]: selection[kind] === place ? null : place });
  const others = selection.topics.filter((topic) => topic !== place);
  return select({ topics: others.length < selection.topics.length ? others : [...others, place] });
}

// Whether the selection is of a part of the articles that the report counts.
function isNarrowed() {
  const { topics, provider, author, event, kind, missing, from, to, words } = selection;
  return topics.length > 0 || words.trim() !== "" || [provider, author, event, kind, missing, from, to].some((one) => one !== null);
}

function datesText() {
  const { from, to } = selection;
  if (from === null && to === null) return "";
  if (from !== null && to !== null) {
    const period = data.periods.start.findIndex((start, i) => start === from && data.periods.end[i] - DAY === to);
    if (period >= 0) return data.periods.label[period];
    return from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`;
  }
  return from === null ? `until ${dayText(to)}` : `from ${dayText(from)}`;
}

// The parts of the selection: their texts, and the changes that take each off.
function selectedParts() {
  const parts = selection.topics.map((topic) => ({
    kind: "topic", place: topic, text: data.topics[topic],
    without: { topics: selection.topics.filter((other) => other !== topic) },
  }));
  ["provider", "author", "event", "kind", "missing"].forEach((kind) => {
    if (selection[kind] === null) return;
    parts.push({ kind, place: selection[kind], text: labelOf(kind, selection[kind]), without: { [kind]: null } });
  });
  if (datesText()) parts.push({ kind: "dates", text: datesText(), without: { from: null, to: null } });
  if (selection.words.trim()) parts.push({ kind: "words", text: `“${selection.words.trim()}”`, without: { words: "" } });
  return parts;
}
