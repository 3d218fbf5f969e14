/* What became of reports that were written without a connection, on whatever page somebody is.

   <report-waiting role="status" data-queue="/static/grid/report-queue.js" data-sent="…" data-receipt="…" data-asked="…" data-look="…">

   Notes in the browser's storage say what waits, what has a question and what was sent; without a note nothing happens here.
   What waits is sent by report-queue.js, which is fetched only then. A report that was sent is told with the way to its
   receipt until that was opened. The form itself (report-draft.js) writes the notes:

   reportNotes.set(id, "waiting" | "asked" | "sent", address, key), reportNotes.drop(id), reportNotes.all() */
(function () {
  "use strict";

  var NAME = "gongzhi-reports";
  var KEPT = 7 * 24 * 3600 * 1000;
  var FIRST_RETRY = 5000;
  var LAST_RETRY = 60000;

  function all() {
    try {
      return JSON.parse(window.localStorage.getItem(NAME)) || [];
    } catch (error) {
      return []; // a browser that keeps nothing has nothing that waits
    }
  }

  function write(notes) {
    try {
      if (notes.length) window.localStorage.setItem(NAME, JSON.stringify(notes));
      else window.localStorage.removeItem(NAME);
    } catch (error) {
      /* as above */
    }
  }

  function drop(id) {
    var notes = all();
    if (notes.length) write(notes.filter(function (note) { return note.id !== id; }));
  }

  function set(id, state, address, key) {
    drop(id);
    write(all().concat({ id: id, state: state, address: address, key: key, at: Date.now() }));
  }

  window.reportNotes = { all: all, set: set, drop: drop };

  class ReportWaiting extends HTMLElement {
    connectedCallback() {
      this.look = this.look.bind(this);
      this.wait = FIRST_RETRY;
      window.addEventListener("storage", this.look); // another window has sent it
      window.addEventListener("online", this.look);
      this.look();
    }

    disconnectedCallback() {
      window.removeEventListener("storage", this.look);
      window.removeEventListener("online", this.look);
      clearTimeout(this.timer);
    }

    look() {
      var notes = all();
      if (!notes.length && !this.firstChild) return;
      var here = window.location.pathname;
      notes.forEach(function (note) {
        if (Date.now() - note.at > KEPT || (note.state === "sent" && note.address === here)) drop(note.id);
      });
      // The form sends its own, and asks there what there is to ask.
      notes = all().filter(function (note) { return note.address !== here; });
      this.tell(notes.filter(function (note) { return note.state !== "waiting"; }));
      if (notes.some(function (note) { return note.state === "waiting"; })) this.send();
    }

    send() {
      var element = this;
      clearTimeout(this.timer);
      if (this.sending) return;
      this.sending = true;
      this.queue().then(function () { return window.reportQueue.sendAll(); }).catch(function () {}).then(function () {
        element.sending = false;
        if (!element.isConnected) return;
        if (all().some(function (note) { return note.state === "waiting" && note.address !== window.location.pathname; })) {
          element.timer = setTimeout(element.look, element.wait);
          element.wait = Math.min(LAST_RETRY, element.wait * 2);
        }
        element.tell(all().filter(function (note) { return note.state !== "waiting" && note.address !== window.location.pathname; }));
      });
    }

    queue() {
      var address = this.dataset.queue;
      if (window.reportQueue) return Promise.resolve();
      return new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = function () {
          script.remove();
          reject(new Error(address));
        };
        document.head.append(script);
      });
    }

    tell(notes) {
      this.replaceChildren.apply(this, notes.map(function (note) {
        var line = document.createElement("p");
        var link = document.createElement("a");
        var isSent = note.state === "sent";
        line.textContent = this.dataset[isSent ? "sent" : "asked"] + " ";
        link.href = note.address;
        link.textContent = this.dataset[isSent ? "receipt" : "look"];
        line.append(link);
        return line;
      }, this));
      this.makeRoom();
    }

    /* It lies above whatever bar there is, and the page ends so much higher that nothing lies under it for good. */
    makeRoom() {
      var bar = Array.from(document.querySelectorAll(".bar:not(.still)")).find(function (each) { return each.getClientRects().length; });
      this.style.setProperty("--above", (bar ? bar.offsetHeight : 0) + "px");
      document.documentElement.style.setProperty("--told", this.offsetHeight + "px");
    }
  }

  if (!customElements.get("report-waiting")) customElements.define("report-waiting", ReportWaiting);
})();
