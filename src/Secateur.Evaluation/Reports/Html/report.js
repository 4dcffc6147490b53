"use strict";
(() => {
  const number = cell => cell.dataset.by === undefined ? null : Number(cell.dataset.by);
  const compare = (one, other, column, sign) => {
    const a = one.cells[column], b = other.cells[column];
    if (column === 0) return sign * a.dataset.by.localeCompare(b.dataset.by, "en", { numeric: true });
    const x = number(a), y = number(b);
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
    return sign * (x - y);
  };

  // Headings become buttons. Rows without a number stay last.
  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[0].cells], body = table.tBodies[0];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener("click", () => {
        const sort = heading.getAttribute("aria-sort") === "descending" ? "ascending" : heading.getAttribute("aria-sort") === "ascending" ? "descending" : column === 0 ? "ascending" : "descending";
        headings.forEach(other => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", sort);
        body.append(...[...body.rows].sort((one, other) => compare(one, other, column, sort === "ascending" ? 1 : -1)));
      });
    });
  }

  // One stop a chart for the tabulator; arrows go from point to point.
  for (const chart of document.querySelectorAll("svg.chart[role=group]")) {
    const points = [...chart.querySelectorAll(".target")];
    points.forEach((point, i) => point.setAttribute("tabindex", i === 0 ? "0" : "-1"));
    chart.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], at = points.indexOf(document.activeElement);
      if (step === undefined || at === -1) return;
      event.preventDefault();
      const next = points[(at + step + points.length) % points.length];
      points[at].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  }
})();
