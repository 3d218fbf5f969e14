/* What is typed into a long form is kept, without asking.

   <form> … <auto-save data-url="/desk/new/autosave/" data-name="composer:7:new" data-kept-at="1795300000"
     data-idle="…" data-saved="{time} saved" data-offline="…" data-restored="…" data-signed-out="…"></auto-save>

   A moment after the last stroke the form goes to data-url, which answers {"saved_at": "18:32", "is_sent": false}. Without
   a connection it stays on this phone under data-name, and goes there when the connection is back or the page is opened
   again. The element itself is the line that says so. A form marked data-forget throws the copy away. */
(function () {
  "use strict";

  var PAUSE = 1200; // milliseconds after the last stroke

  class AutoSave extends HTMLElement {
    connectedCallback() {
      this.form = this.closest("form");
      if (!this.form || this.ready) return;
      this.ready = true;
      this.textContent = this.dataset.idle;
      this.setAttribute("role", "status");
      this.typed = this.typed.bind(this);
      this.left = this.left.bind(this);
      this.online = this.save.bind(this);
      this.form.addEventListener("input", this.typed);
      this.form.addEventListener("change", this.typed);
      document.addEventListener("visibilitychange", this.left);
      window.addEventListener("online", this.online);
      // The other custom elements of the form must be there before it is filled.
      setTimeout(this.restore.bind(this), 0);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("visibilitychange", this.left);
      window.removeEventListener("online", this.online);
    }

    typed() {
      this.isChanged = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.save.bind(this), PAUSE);
    }

    left() {
      if (document.visibilityState === "hidden") this.save();
    }

    entries() {
      return Array.from(new FormData(this.form)).filter(function (entry) {
        return typeof entry[1] === "string" && entry[0] !== "csrfmiddlewaretoken";
      });
    }

    save() {
      if (!this.isChanged || this.form.getAttribute("aria-busy") === "true") return;
      clearTimeout(this.timer);
      this.isChanged = false;
      this.send(this.entries());
    }

    async send(entries) {
      var body = new URLSearchParams(entries);
      body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
      try {
        var answer = await fetch(this.dataset.url, { method: "POST", body: body, redirect: "manual", keepalive: true });
        if (!answer.ok) {
          // Kept here all the same: signed out, or the site is not well.
          return this.keep(entries, answer.type === "opaqueredirect" ? this.dataset.signedOut : this.dataset.offline);
        }
        var kept = await answer.json();
        this.forget();
        if (kept.saved_at) this.say(this.dataset.saved.replace("{time}", kept.saved_at), false);
        return kept;
      } catch (error) {
        return this.keep(entries, this.dataset.offline);
      }
    }

    keep(entries, sentence) {
      this.isChanged = true; // goes again with the next stroke or when the connection is back
      try {
        localStorage.setItem(this.dataset.name, JSON.stringify({ at: Date.now(), entries: entries }));
        this.say(sentence, true);
      } catch (error) {
        this.say("", true); // a private window keeps nothing, so nothing is promised
      }
      return null;
    }

    forget() {
      try {
        localStorage.removeItem(this.dataset.name);
      } catch (error) {
        // nothing was kept either
      }
    }

    async restore() {
      var stored = null;
      try {
        stored = JSON.parse(localStorage.getItem(this.dataset.name));
      } catch (error) {
        stored = null;
      }
      if (!stored || document.getElementById("errors")) return;
      if (stored.at < Number(this.dataset.keptAt || 0) * 1000) return this.forget();
      var kept = await this.send(stored.entries);
      if (kept && kept.is_sent) return;
      this.fill(new Map(stored.entries));
      if (kept) this.say(this.dataset.restored, false);
    }

    fill(values) {
      var form = this.form;
      form.dispatchEvent(new CustomEvent("rows-wanted", { detail: Array.from(values.keys()) }));
      Array.from(form.elements).forEach(function (field) {
        if (!field.name || field.type === "submit" || field.name === "csrfmiddlewaretoken") return;
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.get(field.name) === field.value;
        else if (values.has(field.name)) field.value = values.get(field.name);
      });
    }

    say(sentence, offline) {
      this.textContent = sentence;
      this.classList.toggle("offline", offline);
    }
  }

  if (!customElements.get("auto-save")) customElements.define("auto-save", AutoSave);

  document.addEventListener("submit", function (event) {
    var line = document.querySelector("auto-save");
    if (line && event.target.matches("[data-forget]")) line.forget();
  });

  // The form was sent and taken: what this phone kept of it is done with.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var line = document.querySelector("auto-save");
    if (line && event.detail.requestConfig.elt === line.form && event.detail.xhr.status < 400) line.forget();
  });
})();
