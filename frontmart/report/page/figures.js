// Charts: each is a Vega view that gets new rows when a filter changes, with its numbers as a table below it.

const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
const percentOf = (share) => `${(100 * share).toFixed(1)} %`;

// The rows of each chart, and the columns of its table of numbers.
const figures = {
  "over-time": {
    rows: () => overTime(chosen.topic),
    columns: {
      Period: (row) => row.label,
      Articles: (row) => row.articles,
      Complete: (row) => (row.complete ? "yes" : "no"),
    },
    isEmpty: (rows) => rows.every((row) => !row.articles),
  },
  providers: {
    rows: providerRows,
    columns: { Provider: (row) => row.provider, Articles: (row) => row.articles, Share: (row) => percentOf(row.share) },
    remainder: otherProviders,
  },
  authors: {
    rows: authorRows,
    columns: { Author: (row) => row.author, Articles: (row) => row.articles, Share: (row) => percentOf(row.share) },
  },
  heat: {
    rows: heatRows,
    columns: { Topic: (row) => row.topic, Provider: (row) => row.provider, Articles: (row) => row.articles },
  },
  pairs: {
    rows: pairRows,
    columns: { Topics: (row) => row.pair, Events: (row) => row.events, "Times chance": (row) => row.lift ?? "–" },
  },
  events: {
    rows: eventRows,
    columns: {
      Event: (row) => row.title,
      Organisations: (row) => row.organisations,
      Articles: (row) => row.articles,
      First: (row) => dayOf(row.first),
      Last: (row) => dayOf(row.last),
    },
  },
  runs: {
    rows: () => data.runs,
    columns: { Run: (row) => row.run, Outcome: (row) => row.outcome, Seconds: (row) => row.seconds },
  },
};

function element(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  return node;
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

// Draws a chart and returns its view.
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
      const cell = value(row) ?? "–";
      const text = typeof cell === "number" ? cell.toLocaleString("en") : cell;
      return i ? element("td", text, { dir: "auto" }) : element("th", text, { dir: "auto", scope: "row" });
    }));
    return line;
  }));
  table.append(heading, body);
  host.replaceChildren(table);
}
