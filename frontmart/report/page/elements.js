// Elements of the page: texts are set as text, never as markup.

function element(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  return node;
}

// A name that filters the report by a click, followed by a link to its page.
function nameElement(kind, place, text = labelOf(kind, place)) {
  const node = element("span", undefined, { class: "pick" });
  const button = element("button", text, { type: "button", dir: "auto", title: "Filter by this" });
  button.dataset.pick = kind;
  button.dataset.place = place;
  button.setAttribute("aria-pressed", String(isSelected(kind, place)));
  const link = element("a", "→", { href: pageFragment(kind, place), class: "to-page", title: "Open its page" });
  link.setAttribute("aria-label", `Page of ${text}`);
  node.append(button, link);
  return node;
}

function pageLink(kind, place, text = labelOf(kind, place)) {
  return element("a", text, { href: pageFragment(kind, place), dir: "auto" });
}

function outsideLink(url, text) {
  return url ? element("a", text, { href: url, rel: "noopener noreferrer", dir: "auto" }) : element("span", text, { dir: "auto" });
}

function preparePicks() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-pick]");
    if (button) toggle(button.dataset.pick, Number(button.dataset.place));
  });
}
