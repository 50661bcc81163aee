// A combobox with a list of suggestions, after the pattern of the ARIA practices: any number of names, found by typing.

const MOST_OPTIONS = 40;

// The places of the names that contain the words: those that begin with the text first, then in the order of the list.
function findNames(names, text) {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const found = [[], []];
  names.forEach((name, place) => {
    const lower = name.toLowerCase();
    if (words.every((word) => lower.includes(word))) found[lower.startsWith(wanted) ? 0 : 1].push(place);
  });
  return found.flat();
}

class Combobox {
  // `names` and `counts` are lists by place; `choose` gets the place of the chosen name.
  constructor(input, names, counts, choose) {
    Object.assign(this, { input, names, counts, choose, active: -1 });
    this.list = document.getElementById(input.getAttribute("aria-controls"));
    this.status = input.parentElement.querySelector("[role=status]");
    input.addEventListener("input", () => this.open());
    input.addEventListener("click", () => this.open());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.press(event));
    // Keeps the focus in the input, so that a tap on an option is no blur.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(Number(option.dataset.place));
    });
  }

  open() {
    const found = findNames(this.names, this.input.value);
    this.list.replaceChildren(...found.slice(0, MOST_OPTIONS).map((place, i) => {
      const option = element("li", undefined, { role: "option", id: `${this.list.id}-${i}`, "aria-selected": "false" });
      option.dataset.place = place;
      option.append(element("span", this.names[place], { dir: "auto" }), element("span", numberText(this.counts[place]), { class: "count" }));
      return option;
    }));
    if (found.length > MOST_OPTIONS) {
      this.list.append(element("li", `${numberText(found.length - MOST_OPTIONS)} more: type to narrow`, { class: "more", role: "presentation" }));
    }
    this.status.textContent = found.length ? `${numberText(found.length)} found` : "None found";
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.activate(found.length && this.input.value.trim() ? 0 : -1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
    this.active = -1;
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  activate(at) {
    const options = this.options();
    this.active = options.length ? (at + options.length) % options.length : -1;
    if (at < 0) this.active = -1;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active].scrollIntoView({ block: "nearest" });
    }
  }

  take(place) {
    this.input.value = "";
    this.close();
    this.choose(place);
  }

  press(event) {
    const isOpen = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) this.open();
      const last = this.options().length - 1;
      this.activate(this.active < 0 ? (step > 0 ? 0 : last) : (this.active + step + last + 1) % (last + 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isOpen && this.active >= 0) this.take(Number(this.options()[this.active].dataset.place));
    } else if (event.key === "Escape") {
      if (isOpen) this.close(); else this.input.value = "";
    }
  }
}
