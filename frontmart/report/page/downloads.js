// Downloads: a table as CSV that is safe in a spreadsheet, a chart as SVG or PNG. Nothing is asked of a network.

const BYTE_ORDER_MARK = "\ufeff";
// As in frontmart/formats/spreadsheet_text.py: what a spreadsheet would compute gets an apostrophe in front.
const SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20";
const FORMULA = new RegExp(`^'*[${SIGNS}\\t\\r\\n]`);
const INNER_FORMULA = new RegExp(`([;\\t\\r\\n])(['"]*[${SIGNS}])`, "g");

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const split = value.replace(INNER_FORMULA, "$1'$2");
  const text = FORMULA.test(split) ? `'${split}` : split;
  return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText(names, rows) {
  return BYTE_ORDER_MARK + [names, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function save(blob, name) {
  const link = element("a", "", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser reads the blob after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function saveCsv(name, names, rows) {
  save(new Blob([csvText(names, rows)], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}

const SVG = "http://www.w3.org/2000/svg";
const PICTURE_HEAD = 52;

function svgElement(tag, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.textContent = text;
  return node;
}

// What a picture of a chart says of itself away from the page: its title, then the selection and the corpus.
function pictureLines(name) {
  const textOf = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  const base = [textOf(`[data-chosen="${name}"]`), textOf("h1"), textOf(".top .span")];
  return [textOf(`#figure-${name}`), base.filter(Boolean).join(" · ")];
}

// A chart as SVG below its title, with the colours of the theme in place of the variables of the stylesheet.
async function svgText(view, name) {
  const style = getComputedStyle(document.documentElement);
  const colour = (variable) => style.getPropertyValue(variable).trim();
  const text = (await view.toSVG()).replace(/var\((--[a-z-]+)\)/g, (whole, variable) => colour(variable) || whole);
  const chart = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const [width, height] = [Number(chart.getAttribute("width")), Number(chart.getAttribute("height")) + PICTURE_HEAD];
  chart.setAttribute("y", PICTURE_HEAD);
  const picture = svgElement("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  const [title, base] = pictureLines(name);
  const line = { x: 4, "font-family": "system-ui, sans-serif" };
  picture.append(
    svgElement("rect", { width: "100%", height: "100%", fill: colour("--surface") }),
    svgElement("text", { ...line, y: 20, "font-size": 15, "font-weight": 600, fill: colour("--ink") }, title),
    svgElement("text", { ...line, y: 39, "font-size": 12, fill: colour("--faint") }, base),
    chart,
  );
  return new XMLSerializer().serializeToString(picture);
}

async function saveSvg(view, name) {
  save(new Blob([await svgText(view, name)], { type: "image/svg+xml" }), `${name}.svg`);
}

const PNG_SCALE = 2;

async function savePng(view, name) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await svgText(view, name))}`;
  await picture.decode();
  const canvas = element("canvas", undefined, { width: picture.width * PNG_SCALE, height: picture.height * PNG_SCALE });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  save(await new Promise((done) => { canvas.toBlob(done, "image/png"); }), `${name}.png`);
}
