// Charts: each is a Vega view that gets new rows when the selection changes, with its numbers as a table below it.

// A share in whole percent, rounded as in the charts and tables.
function percentOf(share) {
  if (share > 0 && share < 0.01) return "under 1 %";
  if (share > 0.99 && share < 1) return "over 99 %";
  return `${Math.floor(share * 100 + 0.5)} %`;
}

const reference = (kind, place) => ({ kind, place });

// The rows of each chart, the columns of its table of numbers, and what a click on a mark selects.
const figures = {
  "over-time": {
    rows: () => overTime(),
    numbers: (rows) => rows.filter((row) => row.isSelected),
    columns: {
      Period: (row) => row.label,
      Articles: (row) => row.articles,
      Complete: (row) => (row.isWhole ? "yes" : "no"),
    },
    isEmpty: (rows) => rows.every((row) => !row.articles),
    pick: pickPeriod,
  },
  providers: {
    rows: providerRows,
    columns: {
      Provider: (row) => reference("provider", row.place), Articles: (row) => row.articles, Share: (row) => percentOf(row.share),
    },
    remainder: otherProviders,
    pick: (row) => toggle("provider", row.place),
  },
  authors: {
    rows: authorRows,
    columns: {
      Author: (row) => reference("author", row.place), Articles: (row) => row.articles, Share: (row) => percentOf(row.share),
    },
    pick: (row) => toggle("author", row.place),
  },
  heat: {
    rows: heatRows,
    columns: {
      Topic: (row) => reference("topic", row.topicPlace),
      Provider: (row) => reference("provider", row.providerPlace),
      Articles: (row) => row.articles,
    },
    pick: pickCell,
  },
  pairs: {
    rows: pairRows,
    columns: { Topics: (row) => row.pair, "With both": (row) => row.events, "Times chance": (row) => row.lift ?? "–" },
    pick: (row) => select({ topics: selection.topics.length > 1 ? [] : row.topics }),
  },
  events: {
    rows: eventRows,
    columns: {
      Event: (row) => reference("event", row.place),
      Organisations: (row) => row.organisations,
      Articles: (row) => row.articles,
      First: (row) => dayOf(row.first),
      Last: (row) => dayOf(row.last),
    },
    pick: (row) => toggle("event", row.place),
  },
  runs: {
    rows: () => data.runs,
    columns: { Run: (row) => row.run, Outcome: (row) => row.outcome, Seconds: (row) => row.seconds },
  },
};

function pickPeriod(row) {
  const [from, to] = [row.start, row.end - DAY];
  const isChosen = selection.from === from && selection.to === to;
  select(isChosen ? { from: null, to: null } : { from, to });
}

// A cell of the heat map selects its topic and its provider; a second click takes both off.
function pickCell(row) {
  const isChosen = isSelected("topic", row.topicPlace) && isSelected("provider", row.providerPlace);
  const others = selection.topics.filter((topic) => topic !== row.topicPlace);
  select(isChosen
    ? { topics: others, provider: null }
    : { topics: [...others, row.topicPlace], provider: row.providerPlace });
}

// What a name on an axis selects: the row of a chart that has it.
function pickLabel(figure, label) {
  for (const kind of ["provider", "topic", "author"]) {
    const place = placesOf[kind].get(label);
    const isShown = views.get(figure).data("rows").some((row) => row[kind] === label);
    if (isShown && place !== undefined) return toggle(kind, place);
  }
  const row = views.get(figure).data("rows").find((each) => each.pair === label);
  return row ? figures[figure].pick(row) : undefined;
}

const tip = document.getElementById("tip");

// Shows the tooltip of a mark, each value as text; null hides it.
function showTip(handler, event, item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  const lines = Object.entries(value).map(([label, text]) => element("p", `${label}: ${text}`, { dir: "auto" }));
  tip.replaceChildren(...lines);
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - box.width - 4))}px`;
  tip.style.top = `${Math.max(4, Math.min(event.clientY + 14, window.innerHeight - box.height - 4))}px`;
}

// A specification whose axes react to a click on a name.
function withClickableNames(specification) {
  (specification.axes ?? []).filter((axis) => axis.labels !== false).forEach((axis) => {
    axis.encode = { ...axis.encode, labels: { ...axis.encode?.labels, interactive: true } };
  });
  return specification;
}

// Draws a chart and returns its view; a click on a mark or on a name of an axis is passed on.
async function draw(host, specificationName, rows, { pick, pickName } = {}) {
  const specification = withClickableNames(structuredClone(data.charts[specificationName]));
  specification.data.find((source) => source.name === "rows").values = structuredClone(rows);
  const options = { mode: "vega", ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: showTip };
  const { view } = await vegaEmbed(host, specification, options);
  if (pick) {
    host.classList.add("clickable");
    view.addEventListener("click", (event, item) => {
      if (!item?.datum) return;
      showTip(null, event, item, null);
      if (item.mark.role === "axis-label") pickName?.(item.datum.value);
      else pick(item.datum);
    });
  }
  return view;
}

// A chart that was hidden while the window was resized adapts its width now.
async function redraw(view, rows, wasHidden = false) {
  if (wasHidden) window.dispatchEvent(new Event("resize"));
  await view.data("rows", structuredClone(rows)).runAsync();
}

function numberCell(value, isFirst) {
  const cell = element(isFirst ? "th" : "td", undefined, isFirst ? { scope: "row", dir: "auto" } : { dir: "auto" });
  if (value !== null && typeof value === "object") cell.append(nameElement(value.kind, value.place));
  else cell.textContent = typeof value === "number" ? numberText(value) : value ?? "–";
  return cell;
}

function numbers(host, rows, columns) {
  const table = element("table");
  const head = element("tr");
  head.append(...Object.keys(columns).map((title) => element("th", title, { scope: "col" })));
  const heading = element("thead");
  heading.append(head);
  const body = element("tbody");
  body.append(...rows.map((row) => {
    const line = element("tr");
    line.append(...Object.values(columns).map((value, i) => numberCell(value(row), i === 0)));
    return line;
  }));
  table.append(heading, body);
  host.replaceChildren(table);
}

function saveNumbers(figure) {
  const { rows, columns, numbers: pickRows = (all) => all } = figures[figure];
  const plain = (value) => (value !== null && typeof value === "object" ? labelOf(value.kind, value.place) : value);
  saveCsv(figure, Object.keys(columns), pickRows(rows()).map((row) => Object.values(columns).map((value) => plain(value(row)))));
}
