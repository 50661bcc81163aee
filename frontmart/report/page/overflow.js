// Tables wider than their box: a hint above each, on how many columns are out of sight.

function hintOn(box) {
  const table = box.querySelector("table");
  const isCut = Boolean(table) && box.clientWidth > 0 && table.offsetWidth > box.clientWidth + 1;
  let hint = box.previousElementSibling;
  if (!hint || !hint.classList.contains("unseen-columns")) {
    if (!isCut) return;
    hint = element("p", "", { class: "unseen-columns", "aria-hidden": "true" });
    box.before(hint);
  }
  box.classList.toggle("cut", isCut);
  hint.hidden = !isCut;
  if (!isCut) return;
  const right = box.getBoundingClientRect().right;
  const head = [...table.tHead.rows[0].cells];
  const unseen = head.filter((cell) => cell.getBoundingClientRect().right > right + 1).length;
  hint.textContent = unseen ? `${unseen} more ${unseen === 1 ? "column" : "columns"}: scroll sideways →` : "← scroll back";
}

function watchOverflow() {
  const watcher = new ResizeObserver((entries) => {
    new Set(entries.map((entry) => entry.target.closest(".scroll"))).forEach((box) => { if (box) hintOn(box); });
  });
  document.querySelectorAll(".scroll").forEach((box) => {
    watcher.observe(box);
    const table = box.querySelector("table");
    if (table) watcher.observe(table);
    box.addEventListener("scroll", () => hintOn(box), { passive: true });
  });
}

watchOverflow();
