/* A list of cases by keyboard: j and k (or the arrows) go from row to row, x ticks a row, / goes to the search.

   <row-keys data-rows="[data-number]" data-search="id_q">…</row-keys>

   Enter follows the link as ever. Nobody who writes in a field is disturbed. */
(function () {
  "use strict";

  var STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  class RowKeys extends HTMLElement {
    connectedCallback() {
      this.onKey = this.onKey.bind(this);
      document.addEventListener("keydown", this.onKey);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this.onKey);
    }

    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      var active = document.activeElement;
      if (document.querySelector("dialog[open]")) return;
      if (active && active.matches("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
      var rows = Array.from(this.querySelectorAll(this.dataset.rows));
      var here = rows.findIndex(function (row) {
        return row.contains(active);
      });
      var step = STEPS[event.key];
      // The arrows scroll the page as ever until somebody is in the list.
      if (step && (here !== -1 || event.key.length === 1)) this.go(rows[Math.min(Math.max(here + step, 0), rows.length - 1)]);
      else if (event.key === "x" && here !== -1) this.tick(rows[here]);
      else if (event.key === "/") document.getElementById(this.dataset.search).focus();
      else return;
      event.preventDefault();
    }

    go(row) {
      var link = row && row.querySelector("a");
      if (link) link.focus();
    }

    tick(row) {
      var box = row.querySelector("input[type=checkbox]");
      if (box) box.click();
    }
  }

  if (!customElements.get("row-keys")) customElements.define("row-keys", RowKeys);
})();
