/* A report that outlives a bad connection and a closed browser.

   <report-draft data-keep="report" …sentences…><form>…</form></report-draft>

   What is typed and the pictures, made smaller, are kept in this browser until the site has said that it has them. Without
   a connection the report waits and goes off by itself, under the key of its form: however often it is sent, it is one. Once
   this page is left, report-waiting.js sends it from any other.
   What the site answers – errors, similar ones – takes the place of the page. Without this file the form is an ordinary one. */
(function () {
  "use strict";

  var KEPT = 7 * 24 * 3600 * 1000;
  var FIRST_RETRY = 5000;
  var LAST_RETRY = 60000;
  var UNKEPT = ["csrfmiddlewaretoken", "photos", "drop", "key", "is_another"];

  var queue = window.reportQueue;
  var notes = window.reportNotes;

  class ReportDraft extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      if (this.ready || !this.form || !window.pictureShrink) return;
      this.ready = true;
      this.draft = {
        id: this.dataset.keep, key: this.form.elements.key.value, action: new URL(this.form.action).pathname,
        person: this.dataset.person || "", fields: {}, pictures: [], waiting: false
      };
      this.wait = FIRST_RETRY;
      this.setAttribute("data-on", "");
      this.form.addEventListener("submit", this.submit.bind(this));
      this.form.addEventListener("input", this.typed.bind(this));
      this.form.addEventListener("change", this.changed.bind(this));
      this.addEventListener("paste", this.pasted.bind(this));
      this.retry = this.retry.bind(this);
      window.addEventListener("online", this.retry);
      document.addEventListener("visibilitychange", this.retry);
      this.restoring = this.restore();
      // On a slow line somebody is quicker than this script: what was chosen before it came is taken now.
      this.form.querySelectorAll("input[type=file]").forEach(this.takeFrom.bind(this));
    }

    disconnectedCallback() {
      window.removeEventListener("online", this.retry);
      document.removeEventListener("visibilitychange", this.retry);
      clearTimeout(this.timer);
    }

    /* --- keeping --- */

    restore() {
      var element = this;
      var isAnswer = this.hasAttribute("data-answered");
      return queue.get(this.dataset.keep).then(function (kept) {
        if (!kept || Date.now() - kept.at > KEPT) return;
        if (isAnswer) {
          // The site has the pictures that it took; what it says of the fields holds.
          if (kept.key === element.draft.key) element.draft = kept;
          element.draft.waiting = false;
          element.dispatchEvent(new CustomEvent("picture-place"));
          element.warn();
          return;
        }
        // What somebody else wrote on this machine is not sent in the name of whoever opens it.
        if ((kept.person || "") !== element.draft.person) kept.waiting = false;
        kept.person = element.draft.person;
        element.draft = kept;
        kept.pictures.forEach(function (picture) { picture.sent = false; });
        element.form.elements.key.value = kept.key;
        element.fill(kept.fields);
        element.dispatchEvent(new CustomEvent("report-restored"));
        kept.pictures.forEach(function (picture) { element.show(picture, null); });
        element.warn();
        if (kept.waiting) element.send(true);
        else {
          notes.drop(kept.id);
          element.say(element.dataset.restored);
        }
      });
    }

    fill(fields) {
      var controls = this.form.elements;
      Object.keys(fields).forEach(function (name) {
        var control = controls[name];
        if (!control) return;
        if (control.type === "checkbox") control.checked = fields[name] === "on";
        else control.value = fields[name];
        if (fields[name] && control.closest && control.closest("details")) control.closest("details").open = true;
      });
    }

    keep() {
      var draft = this.draft;
      var fields = {};
      new FormData(this.form).forEach(function (value, name) {
        if (UNKEPT.indexOf(name) < 0) fields[name] = value;
      });
      draft.fields = fields;
      draft.at = Date.now();
      this.kept = true;
      return queue.put(draft);
    }

    typed() {
      clearTimeout(this.keeping);
      this.keeping = setTimeout(this.keep.bind(this), 300);
    }

    changed(event) {
      var input = event.target;
      if (input.type === "file") return this.takeFrom(input);
      this.warn();
      this.keep();
    }

    /* --- pictures --- */

    takeFrom(input) {
      if (!input.files.length) return;
      this.take(Array.from(input.files));
      input.value = "";
    }

    pasted(event) {
      var files = Array.from((event.clipboardData && event.clipboardData.files) || []);
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    }

    take(files) {
      var element = this;
      // One after the other: several large ones at once are too much for an old phone. First comes what was kept.
      return files.reduce(function (before, file) {
        return before.then(function () { return element.takeOne(file); });
      }, Promise.resolve(this.restoring).catch(function () {})).then(function () { return element.keep(); });
    }

    takeOne(file) {
      var element = this;
      if (this.count() >= Number(this.dataset.most)) {
        this.say(this.dataset.tooMany.replace("{most}", this.dataset.most), "want");
        return Promise.resolve();
      }
      return window.pictureShrink(file).then(function (made) {
        if (!made.canvas && file.type && file.type.indexOf("image/") !== 0) {
          element.say(element.dataset.unreadable, "want");
          return;
        }
        var picture = { blob: made.blob, name: file.name || "picture.jpg", position: made.position, sent: false };
        element.draft.pictures.push(picture);
        element.show(picture, made.canvas);
        if (made.position) element.dispatchEvent(new CustomEvent("picture-place"));
      });
    }

    /* Where the first picture that knows it was taken, as [longitude, latitude]; null where none does. */
    seenAt() {
      return this.draft ? queue.seenAt(this.draft) : null;
    }

    count() {
      var shown = this.querySelectorAll("[data-pictures] > li").length;
      return shown - this.querySelectorAll('[name="drop"]:checked').length;
    }

    show(picture, canvas) {
      var element = this;
      var list = this.querySelector("[data-pictures]");
      var item = document.createElement("li");
      var look = canvas || document.createElement("canvas");
      look.setAttribute("role", "img");
      look.setAttribute("aria-label", this.dataset.picture.replace("{number}", String(list.children.length + 1)));
      var away = document.createElement("button");
      away.type = "button";
      away.className = "btn small wide";
      away.textContent = this.dataset.remove;
      away.addEventListener("click", function () {
        element.draft.pictures = element.draft.pictures.filter(function (each) { return each !== picture; });
        item.remove();
        element.dispatchEvent(new CustomEvent("picture-place"));
        element.keep();
      });
      item.append(look, away);
      list.append(item);
      if (!canvas) {
        createImageBitmap(picture.blob).then(function (bitmap) {
          var share = Math.min(1, 320 / Math.max(bitmap.width, bitmap.height));
          look.width = Math.round(bitmap.width * share);
          look.height = Math.round(bitmap.height * share);
          look.getContext("2d").drawImage(bitmap, 0, 0, look.width, look.height);
        }, function () {});
      }
    }

    /* --- sending --- */

    submit(event) {
      event.preventDefault();
      this.send(false);
    }

    retry() {
      if (this.draft.waiting && document.visibilityState === "visible") this.send(true);
    }

    send(isByItself) {
      var element = this;
      if (this.sending) return;
      this.sending = true;
      clearTimeout(this.timer);
      this.draft.waiting = true;
      this.busy(true);
      this.say(this.dataset.sending);
      notes.set(this.draft.id, "waiting", this.draft.action, this.draft.key);
      this.keep().then(function () {
        return queue.alone(function () { return element.posted(isByItself); });
      }).then(
        function (answer) { return element.answered(answer); },
        function () { element.later(); }
      ).then(function () {
        element.sending = false;
        element.busy(false);
      });
    }

    /* What went off from another window meanwhile is not sent again. */
    posted(isByItself) {
      var draft = this.draft;
      var sent = isByItself && notes.all().find(function (note) { return note.state === "sent" && note.key === draft.key; });
      var body = new FormData(this.form);
      body.delete("photos");
      queue.addPictures(body, draft, false);
      return (sent ? Promise.resolve(sent) : queue.post(draft.action, body)).then(function (answer) {
        return answer.address ? queue.forget(draft.id).then(function () { return answer; }) : answer;
      });
    }

    later() {
      this.say(this.dataset.waiting, "want");
      this.timer = setTimeout(this.retry, this.wait);
      this.wait = Math.min(LAST_RETRY, this.wait * 2);
    }

    answered(answer) {
      var element = this;
      this.draft.waiting = false;
      if (answer.address) {
        window.location.assign(answer.address);
        return new Promise(function () {}); // busy until the next page is there
      }
      notes.drop(this.draft.id);
      var response = answer.response;
      var page = answer.page;
      if (!page.querySelector("report-draft") || response.status >= 500) {
        var isOld = response.redirected || response.status === 403;
        this.say(isOld ? this.dataset.stale : this.dataset.broken, "want");
        return this.keep();
      }
      this.draft.pictures.forEach(function (picture) { picture.sent = true; });
      return this.keep().then(function () {
        var main = document.getElementById("main");
        main.replaceChildren.apply(main, Array.from(page.getElementById("main").childNodes).map(function (node) { return document.adoptNode(node); }));
        if (window.htmx) window.htmx.process(main);
        var start = document.getElementById("errors") || document.getElementById("similar") || main;
        start.focus();
        start.scrollIntoView();
      });
    }

    busy(is) {
      this.form.setAttribute("aria-busy", String(is));
      this.form.querySelectorAll('[type="submit"]').forEach(function (button) { button.disabled = is; });
    }

    say(sentence, tone) {
      var line = this.querySelector("[data-state]");
      line.hidden = false;
      line.className = tone ? "msg " + tone : "msg";
      line.textContent = sentence;
      var foot = this.querySelector(".sheet-foot");
      if (tone && foot) foot.before(line);
    }

    /* What is dangerous is called in first. */
    warn() {
      var box = document.getElementById("emergency");
      if (!box) return;
      var chosen = this.form.querySelector("[data-danger]:checked");
      var was = box.classList.contains("now");
      box.classList.toggle("now", Boolean(chosen));
      var gas = box.querySelector("[data-gas-line]");
      if (gas) gas.parentElement[this.form.querySelector("[data-gas]:checked") ? "prepend" : "append"](gas);
      if (chosen && !was) box.scrollIntoView({ block: "nearest" });
    }
  }

  // One of the similar ones is the same: what was begun is not needed any more.
  document.addEventListener("submit", function (event) {
    var id = event.target.dataset && event.target.dataset.forgetReport;
    if (id) queue.forget(id);
  }, true);

  if (!customElements.get("report-draft")) customElements.define("report-draft", ReportDraft);
})();
