// Tables: sort by a click on a column, search by words, and apply the filters to the table of events.

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
}

// Numbers by size, texts alphabetically, missing values last in both directions.
function compare(a, b, sign) {
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  if (typeof a === "number" || typeof b === "number") return typeof a === "number" ? -1 : 1;
  return sign * a.localeCompare(b, "en", { numeric: true });
}

function sortBy(table, heading) {
  const column = heading.cellIndex;
  const wasDescending = heading.getAttribute("aria-sort") === "descending";
  const isNumber = heading.classList.contains("number");
  const isDescending = heading.hasAttribute("aria-sort") ? !wasDescending : isNumber;
  table.querySelectorAll("thead th").forEach((each) => each.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  const sign = isDescending ? -1 : 1;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
  rows.sort(([a], [b]) => compare(a, b, sign));
  body.append(...rows.map(([, row]) => row));
}

// Shows the rows of a table that contain every search word and match the filters.
function narrow(name) {
  const input = document.getElementById(`search-${name}`);
  const words = input ? input.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
  const rows = [...document.getElementById(`table-${name}`).tBodies[0].rows];
  let visible = 0;
  rows.forEach((row) => {
    const text = row.textContent.toLowerCase();
    const isFiltered = row.event !== undefined && !matchesFilters(row.event);
    row.hidden = isFiltered || !words.every((word) => text.includes(word));
    visible += row.hidden ? 0 : 1;
  });
  const count = document.querySelector(`[data-found="${name}"]`);
  if (count) count.textContent = visible < rows.length ? `${visible} of ${rows.length} rows` : "";
}

function prepareTables() {
  document.querySelectorAll("table[data-sortable]").forEach((table) => {
    table.querySelectorAll("thead th").forEach((heading) => {
      heading.querySelector("button").addEventListener("click", () => sortBy(table, heading));
    });
  });
  document.querySelectorAll("input[data-grid]").forEach((input) => {
    input.addEventListener("input", () => narrow(input.dataset.grid));
  });
  const events = document.getElementById("table-events");
  if (events) [...events.tBodies[0].rows].forEach((row, i) => { row.event = data.events[i]; });
}
