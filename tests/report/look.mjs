// Opens a report in a browser and says what it finds, as one JSON object on stdout: node look.mjs CHROMIUM REPORT.html
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, file] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// Everything that a page asks for or complains of is kept.
const asked = [], complaints = [];
const open = async (options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("request", request => { if (request.url() !== url && !request.url().startsWith("data:")) asked.push(request.url()); });
  page.on("console", message => { if (message.type() === "error" || message.type() === "warning") complaints.push(message.text()); });
  page.on("pageerror", error => complaints.push(String(error)));
  await page.goto(url);
  return page;
};
const close = page => page.context().close();

async function views() {
  const found = [];
  for (const colorScheme of ["light", "dark"])
    for (const width of [360, 1280]) {
      const page = await open({ colorScheme, viewport: { width, height: 900 } });
      const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
      await page.evaluate(axe);
      const result = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
      found.push({
        scheme: colorScheme, width, scrolls, checked: result.passes.length,
        background: await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
        violations: result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).slice(0, 3).join(" ")}`),
      });
      await close(page);
    }
  return found;
}

// The order of the table and what it says of its order, after each step.
const table = page => page.evaluate(() => ({
  order: [...document.querySelectorAll("table.sortable tbody th")].map(cell => cell.textContent.trim()),
  sort: [...document.querySelectorAll("table.sortable thead th")].filter(cell => cell.hasAttribute("aria-sort")).map(cell => `${cell.textContent} ${cell.getAttribute("aria-sort")}`),
}));

async function sortByMouse() {
  const page = await open(), steps = [await table(page)];
  for (const name of ["GMACs", "GMACs", "plan"]) {
    await page.getByRole("button", { name, exact: true }).click();
    steps.push(await table(page));
  }
  await close(page);
  return steps;
}

async function sortByKeyboard() {
  const page = await open(), steps = [await table(page)];
  for (let i = 0; i < 200 && await page.evaluate(() => document.activeElement.textContent) !== "GMACs"; i++)
    await page.keyboard.press("Tab");
  for (const key of ["Enter", "Space"]) {
    await page.keyboard.press(key);
    steps.push(await table(page));
  }
  await close(page);
  return steps;
}

// One stop a chart; arrows go on to the next point, and show what it is.
async function chartByKeyboard() {
  const page = await open(), points = [];
  const here = () => page.evaluate(() => ({ name: document.activeElement.getAttribute("aria-label"), tip: [...document.activeElement.querySelectorAll(".tip")].some(tip => getComputedStyle(tip).visibility === "visible") }));
  for (let i = 0; i < 200 && !(await page.evaluate(() => document.activeElement.matches(".target"))); i++)
    await page.keyboard.press("Tab");
  for (let i = 0; i < 2; i++) {
    points.push(await here());
    await page.keyboard.press("ArrowRight");
  }
  await close(page);
  return points;
}

// Colours are a choice without script too.
async function withoutScript() {
  const page = await open({ javaScriptEnabled: false, colorScheme: "light" });
  const colours = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await colours();
  await page.getByText("Dark", { exact: true }).click();
  const found = {
    headings: await page.locator("section h2").allTextContents(),
    shown: await page.locator("section h2:visible").count(),
    rows: await page.locator("table tbody tr:visible").count(),
    charts: await page.locator("svg.chart:visible").count(),
    buttons: await page.locator("table button").count(),
    light, dark: await colours(),
  };
  await close(page);
  return found;
}

// The outline of a printed page names every heading that is on it. Paper is white, whatever was chosen.
async function print() {
  const page = await open();
  await page.getByText("Dark", { exact: true }).click();
  const bytes = await page.pdf({ format: "A4", outline: true, tagged: true, margin: { top: "14mm", bottom: "14mm", left: "14mm", right: "14mm" } });
  const text = bytes.toString("latin1");
  const words = one => one.startsWith("<") ? Buffer.from(one.slice(1, -1), "hex").swap16().toString("utf16le").replace("\uFEFF", "") : one.slice(1, -1).replace(/\\([()\\])/g, "$1");
  await page.emulateMedia({ media: "print" });
  const width = 688; // A4 within its margins
  await page.setViewportSize({ width, height: 1000 });
  const found = {
    pages: [...text.matchAll(/\/Type\s*\/Page\b/g)].length,
    outline: [...text.matchAll(/\/Title\s*(<[0-9A-Fa-f]*>|\((?:\\.|[^\\)])*\))/g)].map(one => words(one[1])),
    headings: await page.locator("h1:visible, section h2:visible").allTextContents(),
    width, scrolls: await page.evaluate(() => document.documentElement.scrollWidth),
    // What scrolls on a screen cannot on paper: its content must lie within it.
    cut: await page.evaluate(() => [...document.querySelectorAll(".scroll")].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.getAttribute("aria-label"))),
    ink: await page.evaluate(() => getComputedStyle(document.body).color),
  };
  await close(page);
  return found;
}

const found = { views: await views(), mouse: await sortByMouse(), keyboard: await sortByKeyboard(), chart: await chartByKeyboard(), withoutScript: await withoutScript(), print: await print() };
await browser.close();
console.log(JSON.stringify({ ...found, asked, complaints }));
