/* A form is sent once, and nothing that was typed is ever lost.

   <form method="post" data-guard>

   With htmx the form travels in the background and the answer – the next page, or this one with errors – takes the place
   of the page; head-support brings the scripts and style sheets that the next page has of its own. If no answer comes, or the site could not take it, the form stays as it is and a sentence says so.
   Without htmx the browser sends it, and a second press is ignored. The sentences stand on <body>: data-lost, data-back. */
(function () {
  "use strict";

  function setBusy(form, busy) {
    form.setAttribute("aria-busy", String(busy));
  }

  function say(form, sentence) {
    var note = form.querySelector(".guard");
    if (!note) {
      note = document.createElement("p");
      note.className = "msg want guard";
      note.setAttribute("role", "alert");
      form.append(note);
    }
    note.textContent = sentence;
    note.scrollIntoView({ block: "nearest" });
  }

  function hush(form) {
    var note = form.querySelector(".guard");
    if (note) note.remove();
  }

  function adopt(root) {
    (root.querySelectorAll ? root : document).querySelectorAll("form[data-guard]:not([hx-boost])").forEach(function (form) {
      form.setAttribute("hx-boost", "true");
      form.noValidate = true; // the site's own sentences stand beside the fields, in the person's language
      window.htmx.process(form);
    });
  }

  document.addEventListener(
    "submit",
    function (event) {
      var form = event.target;
      if (!form.matches("form[data-guard]")) return;
      if (form.getAttribute("aria-busy") === "true") {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      hush(form);
      setBusy(form, true);
    },
    true
  );

  // Back from the next page the browser may show this one as it was left: busy.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll('form[data-guard][aria-busy="true"]').forEach(function (form) {
      setBusy(form, false);
    });
  });

  window.addEventListener("online", function () {
    document.querySelectorAll("form[data-guard] .guard").forEach(function (note) {
      note.textContent = document.body.dataset.back;
    });
  });

  if (!window.htmx) return;

  document.addEventListener("htmx:load", function (event) {
    adopt(event.target);
  });

  ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.target.matches("form[data-guard]")) say(event.target, document.body.dataset.lost);
    });
  });

  // The way may lead out of these pages, as after signing in for the editor, whose body needs its own head.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var xhr = event.detail.xhr;
    var form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (xhr.status >= 400 || !form || !form.matches("form[data-guard]")) return;
    if (event.detail.serverResponse.indexOf("data-lost=") >= 0) return;
    event.detail.shouldSwap = false;
    window.location.assign(xhr.responseURL);
  });

  // An error page in place of the form would throw away what was typed: its sentence comes to the form instead.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var form = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (event.detail.xhr.status < 400 || !form || !form.matches("form[data-guard]")) return;
    var page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    var sentence = page.querySelector("[data-error-sentence]");
    if (!sentence && page.querySelector("main")) return;
    event.detail.shouldSwap = false;
    var number = page.querySelector("[data-error-number]");
    var words = [sentence, number].filter(Boolean).map(function (part) { return part.textContent.trim(); });
    say(form, words.join(" ") || document.body.dataset.lost);
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches("form[data-guard]")) setBusy(event.target, false);
  });

  // A sheet is a part of the page it opens over, which keeps its head; only another page brings its own.
  document.addEventListener("htmx:beforeHeadMerge", function (event) {
    if (!event.detail.boosted) event.preventDefault();
  });

  // The answer is a new page: reading begins at its errors, its message or its heading.
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target !== document.body) return;
    var start = document.getElementById("errors") || document.getElementById("main");
    if (start) start.focus({ preventScroll: start.id === "main" });
  });

  var errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
