// Charts: each a Vega view that is given new rows when the choice changes, with its numbers as a table beside it.

const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
const percentOf = (share) => `${(100 * share).toFixed(1)} %`;

// For each chart: its rows, and the columns of its table of numbers.
const figures = {
  "over-time": { rows: () => overTime(chosen.topic), columns: { Period: (r) => r.label, Articles: (r) => r.articles }, isEmpty: (rows) => rows.every((row) => !row.articles) },
  providers: { rows: providerRows, aside: otherProviders, columns: { Provider: (r) => r.provider, Articles: (r) => r.articles, Share: (r) => percentOf(r.share) } },
  heat: { rows: heatRows, columns: { Topic: (r) => r.topic, Provider: (r) => r.provider, Articles: (r) => r.articles } },
  pairs: { rows: pairRows, columns: { Topics: (r) => r.pair, Articles: (r) => r.articles, "Times chance": (r) => r.lift } },
  stories: { rows: storyRows, columns: { Story: (r) => r.title, Articles: (r) => r.articles, Providers: (r) => r.providers, First: (r) => dayOf(r.first), Last: (r) => dayOf(r.last) } },
  runs: { rows: () => data.runs, columns: { Run: (r) => r.run, Outcome: (r) => r.outcome, Seconds: (r) => r.seconds } },
};

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

const tip = document.getElementById("tip");

// Shows what Vega says of a mark, each value as text; null hides it.
function showTip(handler, event, item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  tip.replaceChildren(...Object.entries(value).map(([label, shown]) => element("p", `${label}: ${shown}`, { dir: "auto" })));
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - box.width - 4))}px`;
  tip.style.top = `${Math.max(4, Math.min(event.clientY + 14, window.innerHeight - box.height - 4))}px`;
}

// Draws a chart; the promise of its view.
async function draw(host, name, rows) {
  const specification = structuredClone(data.charts[name]);
  specification.data.find((source) => source.name === "rows").values = structuredClone(rows);
  const options = { mode: "vega", ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: showTip };
  return (await vegaEmbed(host, specification, options)).view;
}

async function redraw(view, rows) {
  await view.data("rows", structuredClone(rows)).runAsync();
}

function numbers(host, rows, columns) {
  const table = element("table");
  const head = element("tr");
  head.append(...Object.keys(columns).map((name) => element("th", name, { scope: "col" })));
  const heading = element("thead");
  heading.append(head);
  const body = element("tbody");
  body.append(...rows.map((row) => {
    const line = element("tr");
    line.append(...Object.values(columns).map((value, i) => {
      const shown = value(row) ?? "–";
      const cell = element(i ? "td" : "th", typeof shown === "number" ? shown.toLocaleString("en") : shown, i ? {} : { scope: "row" });
      cell.dir = "auto";
      return cell;
    }));
    return line;
  }));
  table.append(heading, body);
  host.replaceChildren(table);
}
