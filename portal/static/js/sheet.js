/* A form page opens as a sheet over the page it belongs to.

   <a href="/actions/2026/…/sign-up/" data-sheet>

   The page at that address holds <section id="sheet-body">. It is fetched and shown in a <dialog>; Esc, the browser's
   back and the sheet's own cross close it. If anything goes wrong – an old browser, no network, another page in the
   answer – the link is simply followed. */
(function () {
  "use strict";

  var open = null; // {dialog, link}

  function close() {
    if (!open) return;
    var closing = open;
    open = null;
    closing.dialog.close();
    closing.dialog.remove();
    closing.link.focus();
  }

  function show(link) {
    var dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.setAttribute("aria-labelledby", "sheet-title");
    var wait = document.createElement("p");
    wait.className = "sheet-wait muted";
    wait.setAttribute("role", "status");
    wait.textContent = document.body.dataset.wait || "…";
    dialog.append(wait);
    document.body.append(dialog);
    dialog.showModal();
    open = { dialog: dialog, link: link };

    // Two entries: back leaves the sheet, and a page reached through it comes back to a whole page.
    history.replaceState({ htmx: true }, "");
    history.pushState({ sheet: true }, "");

    dialog.addEventListener("cancel", function (event) {
      event.preventDefault();
      history.back();
    });
    dialog.addEventListener("click", function (event) {
      var closer = event.target.closest("[data-sheet-close]");
      if (!closer && event.target !== dialog) return;
      if (event.target === dialog && inside(dialog, event)) return;
      event.preventDefault();
      history.back();
    });
    dialog.addEventListener("htmx:beforeSwap", function (event) {
      if (event.target !== dialog || event.detail.serverResponse.indexOf('id="sheet-body"') !== -1) return;
      event.detail.shouldSwap = false;
      location.replace(link.href);
    });
    dialog.addEventListener("htmx:sendError", function (event) {
      if (event.target === dialog) location.replace(link.href);
    });
    window.htmx
      .ajax("GET", link.href, { source: dialog, target: dialog, select: "#sheet-body", swap: "innerHTML" })
      .then(function () {
        var start = dialog.querySelector("#errors, #sheet-title");
        if (start) start.focus();
      });
  }

  function inside(dialog, event) {
    var box = dialog.getBoundingClientRect();
    return (
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
    );
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-sheet]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!window.htmx || !window.HTMLDialogElement || !document.createElement("dialog").showModal) return;
    event.preventDefault();
    show(link);
  });

  // Before htmx, which takes every step back for one of its own.
  window.addEventListener("popstate", function (event) {
    if (open) {
      event.stopImmediatePropagation();
      close();
    } else if (event.state && event.state.sheet) {
      location.reload();
    }
  });

  // The form in the sheet was sent: its answer takes the sheet's place in the history.
  document.addEventListener("htmx:beforeHistoryUpdate", function (event) {
    if (!open || !event.detail.history.type) return;
    event.detail.history.type = "replace";
    open = null;
  });
})();
