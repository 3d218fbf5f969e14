/* <live-line>: says in a quiet line how the connection stands, when it has not been live for a while.

   <live-line role="status" data-reconnecting="…" data-offline="…" data-polling="…" data-signed-out="…"
              data-stale="…" data-refresh="…"></live-line>

   Live.reload() fetches the page anew within three seconds, unless somebody has typed into a form that is not sent: then
   the line says so (data-stale), with a button (data-refresh). Live.isTyped(part) knows. live-line.js does the rest. */
(function () {
  "use strict";

  var Live = window.Live;
  var PATIENCE = 3000; // milliseconds
  var SPREAD = 3000;
  var WORDS = {
    connecting: "reconnecting",
    waiting: "reconnecting",
    polling: "polling",
    "signed-out": "signedOut",
  };

  var typed = new WeakSet(); // forms
  var reloading = 0;

  class LiveLine extends HTMLElement {
    connectedCallback() {
      this.kind = "";
      this.write("");
      Live.arrived(this);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    /** The state, or nothing where there is nothing to say. */
    tell(kind) {
      if (!WORDS[kind]) kind = "";
      if (kind === this.kind) return;
      var wasQuiet = !this.kind;
      this.kind = kind;
      if (kind === "" || kind === "signed-out" || this.textContent) this.show();
      else if (wasQuiet) this.timer = setTimeout(this.show.bind(this), PATIENCE);
    }

    show() {
      clearTimeout(this.timer);
      if (this.isStale) return;
      var isOffline = this.kind && this.kind !== "signed-out" && navigator.onLine === false;
      this.write(this.kind ? this.dataset[isOffline ? "offline" : WORDS[this.kind]] : "");
    }

    write(words) {
      this.textContent = "";
      if (words) {
        var text = document.createElement("span");
        text.textContent = words;
        this.append(text);
      }
      this.makeRoom();
    }

    /** Above whatever bar there is; and the page ends so much higher that nothing lies under it for good. */
    makeRoom() {
      this.style.setProperty("--above", this.heightOfBar() + "px");
      document.documentElement.style.setProperty("--strip", this.offsetHeight + "px");
    }

    /** Too much is missing to catch up, and there is something to lose. */
    offerRefresh() {
      if (this.isStale) return;
      this.isStale = true;
      this.write(this.dataset.stale);
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn small";
      button.textContent = this.dataset.refresh;
      button.addEventListener("click", function () {
        location.reload();
      });
      this.append(button);
      this.makeRoom();
    }

    /** What lies fixed at the bottom of this page and must stay in sight. */
    heightOfBar() {
      return Array.from(document.querySelectorAll(".bar")).reduce(function (height, bar) {
        var isFixed = getComputedStyle(bar).position === "fixed" && bar.getClientRects().length;
        return isFixed ? Math.max(height, bar.offsetHeight) : height;
      }, 0);
    }
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && !form.matches("[data-look]")) typed.add(form);
  });

  Live.isTyped = function (part) {
    return Array.from(part.querySelectorAll("form")).some(function (form) {
      return typed.has(form);
    });
  };

  Live.reload = function () {
    if (reloading) return;
    reloading = setTimeout(function () {
      reloading = 0;
      if (!Live.isTyped(document)) location.reload();
      else document.querySelector("live-line").offerRefresh();
    }, Math.random() * SPREAD);
  };

  customElements.define("live-line", LiveLine);
})();
