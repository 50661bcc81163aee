// Tables: sorted by a click on a column, searched by words, narrowed to the selection, downloaded as CSV.
//
// A table of topics, providers, authors or events has its own rows without a selection, then those of all others, and
// rows counted from the articles of the selection with one. Columns that no count of articles gives are hidden then.

// Rows that are drawn at first, and by each click on the button for more; tables of other things have all of theirs.
const FIRST_ROWS = 25;
const MORE_ROWS = 100;
const KIND_OF_TABLE = { topics: "topic", providers: "provider", authors: "author", events: "event" };

class Grid {
  constructor(table) {
    this.table = table;
    this.id = table.id.replace("table-", "");
    this.kind = KIND_OF_TABLE[this.id];
    this.headings = [...table.tHead.rows[0].cells];
    this.keys = this.headings.map((heading, i) => heading.dataset.column ?? `column-${i + 1}`);
    this.shown = this.kind ? FIRST_ROWS : Infinity;
    this.givenRows = [...table.tBodies[0].rows].map((line, i) => this.readRow(line, i));
    this.headings.forEach((heading, i) => {
      heading.querySelector("button").addEventListener("click", () => this.sortBy(this.keys[i]));
    });
    this.part("more")?.addEventListener("click", () => this.showMore());
    this.part("csv")?.addEventListener("click", () => this.download());
    this.input = document.getElementById(`search-${this.id}`);
    this.input?.addEventListener("input", () => this.change({ find: this.input.value }, true));
  }

  part(role) {
    return document.querySelector(`#grid-${this.id} [data-part="${role}"]`);
  }

  get state() {
    return selection.tables[this.id] ?? {};
  }

  change(changes, isTyping = false) {
    select({ tables: { ...selection.tables, [this.id]: { ...this.state, ...changes } } }, isTyping);
  }

  // A row of the table as it was written, whose name becomes one to click.
  readRow(line, position) {
    const cells = Object.fromEntries([...line.cells].map((cell, i) => [this.keys[i], {
      text: cell.textContent.trim(),
      ...(cell.dataset.sort === undefined ? {} : { sort: Number(cell.dataset.sort) }),
    }]));
    if (!this.kind) return { line, cells };
    const place = this.kind === "event" ? data.tableEvents[position] : position;
    line.cells[0].replaceChildren(this.nameOf(place));
    return { line, cells, kind: this.kind, place };
  }

  nameOf(place) {
    return this.kind === "event" ? pageLink("event", place) : nameElement(this.kind, place);
  }

  // The rows of the selection, in the order of the counts.
  rows() {
    if (!this.kind) return this.givenRows;
    if (isNarrowed()) {
      this.measuredRows ??= measured[this.id]();
      return this.measuredRows;
    }
    return this.needsAll() ? this.allRows() : this.givenRows;
  }

  // Whether the rows of the table as it was written are not enough: it has those of the largest names.
  needsAll() {
    return isWhole && (this.state.find || this.state.sort || this.shown > this.givenRows.length);
  }

  mayHaveMore() {
    return isWhole && this.kind !== undefined && !isNarrowed() && this.givenRows.length < numberOfNames(this.kind);
  }

  // The rows without a selection: as written, then of all other names, which are counted once.
  allRows() {
    if (!this.unnarrowedRows) {
      const given = new Set(this.givenRows.map((row) => row.place));
      const others = measured[this.id]().filter((row) => !given.has(row.place));
      this.unnarrowedRows = [...this.givenRows, ...others];
    }
    return this.unnarrowedRows;
  }

  // Forgets the rows of the last selection.
  reset() {
    this.measuredRows = undefined;
    if (this.kind) this.shown = FIRST_ROWS;
  }

  columns() {
    if (!this.kind || !isNarrowed()) return this.keys.map((key, i) => i);
    const [row] = this.rows();
    return this.keys.map((key, i) => i).filter((i) => !row || row.cells[this.keys[i]]);
  }

  found(all = this.rows()) {
    const words = (this.state.find ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const textOf = (row) => Object.values(row.cells).map((cell) => cell.text).join("\n").toLowerCase();
    const isFound = (text) => words.every((word) => text.includes(word));
    const found = words.length ? all.filter((row) => isFound(textOf(row))) : all;
    const { key, sign } = this.order();
    return key ? [...found].sort((a, b) => compare(a.cells[key], b.cells[key], sign)) : found;
  }

  order() {
    const sort = this.state.sort ?? "";
    const key = sort.replace(/^-/, "");
    return { key: this.keys.includes(key) ? key : "", sign: sort.startsWith("-") ? -1 : 1 };
  }

  sortBy(key) {
    const { key: current, sign } = this.order();
    const isNumber = this.headings[this.keys.indexOf(key)].classList.contains("number");
    const isDescending = current === key ? sign > 0 : isNumber;
    this.change({ sort: `${isDescending ? "-" : ""}${key}` });
  }

  lineOf(row, columns) {
    if (row.line && (!this.kind || !isNarrowed())) return row.line;
    const line = element("tr");
    line.append(...columns.map((column) => {
      const cell = row.cells[this.keys[column]] ?? { text: NONE };
      const node = element(column ? "td" : "th", undefined, column ? {} : { scope: "row" });
      if (column) node.append(element("bdi", cell.text)); else node.append(this.nameOf(row.place));
      if (this.headings[column].classList.contains("number")) node.classList.add("number");
      return node;
    }));
    return line;
  }

  draw() {
    const columns = this.columns();
    const found = this.found();
    const { key, sign } = this.order();
    this.headings.forEach((heading, i) => {
      heading.hidden = !columns.includes(i);
      if (this.keys[i] === key) heading.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    });
    this.table.tBodies[0].replaceChildren(...found.slice(0, this.shown).map((row) => this.lineOf(row, columns)));
    const all = this.rows().length;
    const status = this.part("found");
    if (status) status.textContent = found.length < all ? `${numberText(found.length)} of ${countText(all, "row")}` : "";
    const more = this.part("more");
    if (more) {
      more.hidden = found.length <= this.shown && !(this.mayHaveMore() && !this.needsAll());
      const total = this.needsAll() || !this.mayHaveMore() ? found.length : numberOfNames(this.kind);
      more.textContent = `Show ${numberText(Math.min(MORE_ROWS, total - this.shown))} more of ${numberText(total)}`;
    }
    if (this.input && document.activeElement !== this.input) this.input.value = this.state.find ?? "";
    const isOfSelection = this.kind !== undefined && isNarrowed();
    this.part("selection").textContent = isOfSelection ? `${selectionText()}${listedText()}` : "";
    // It is about the rows as they were written.
    const note = this.part("note");
    if (note) note.hidden = isOfSelection;
    const truncation = this.part("truncation");
    if (truncation) truncation.hidden = isWhole && this.kind !== undefined;
  }

  showMore() {
    const first = this.shown;
    this.shown += MORE_ROWS;
    this.draw();
    this.table.tBodies[0].rows[first]?.querySelector("button, a")?.focus();
  }

  download() {
    const columns = this.columns();
    const names = columns.map((i) => this.headings[i].textContent.trim());
    const value = (row, key) => csvValue(row.cells[key], key);
    const rows = this.found(this.mayHaveMore() ? this.allRows() : this.rows());
    saveCsv(this.id, names, rows.map((row) => columns.map((i) => value(row, this.keys[i]))));
  }
}

// The number of topics, providers, authors or events that a table could show.
function numberOfNames(kind) {
  const counts = { topic: data.topicArticles, provider: data.providerArticles, author: data.authorArticles }[kind];
  return counts ? counts.filter(Boolean).length - (kind === "topic" ? data.omnipresent : 0) : data.events.length;
}

// A cell for a spreadsheet: numbers as numbers, shares as fractions, times as in ISO 8601, in UTC.
function csvValue(cell, key) {
  if (!cell || cell.text === NONE) return null;
  if (cell.sort === undefined) return cell.text;
  if (!key.endsWith("_at") && !/^\d+ [A-Z][a-z]{2} \d{4}/.test(cell.text)) return cell.sort;
  return new Date(cell.sort * 1000).toISOString().slice(0, 19).replace("T", " ");
}

// Numbers by size, texts alphabetically, missing values last in both directions.
const collator = new Intl.Collator("en", { numeric: true });

function compare(one = { text: NONE }, other = { text: NONE }, sign = 1) {
  if (one.sort !== undefined && other.sort !== undefined) return sign * (one.sort - other.sort);
  if (one.sort !== undefined || other.sort !== undefined) return one.sort !== undefined ? -1 : 1;
  return sign * collator.compare(one.text, other.text);
}

let grids = [];

function prepareTables() {
  grids = [...document.querySelectorAll("table[data-sortable]")].map((table) => new Grid(table));
}
