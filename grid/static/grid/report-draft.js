/* A report that outlives a bad connection and a closed browser.

   <report-draft data-keep="report" …sentences…><form>…</form></report-draft>

   What is typed and the pictures, made smaller, are kept in this browser until the site has said that it has them. Without
   a connection the report waits and goes off by itself, under the key of its form: however often it is sent, it is one.
   What the site answers – errors, similar ones – takes the place of the page. Without this file the form is an ordinary one. */
(function () {
  "use strict";

  var DATABASE = "gongzhi-report";
  var STORE = "drafts";
  var KEPT = 7 * 24 * 3600 * 1000;
  var PATIENCE = 90000;
  var FIRST_RETRY = 5000;
  var LAST_RETRY = 60000;
  var UNKEPT = ["csrfmiddlewaretoken", "photos", "drop", "key", "is_another"];

  var opening = null;

  function opened() {
    opening = opening || new Promise(function (resolve, reject) {
      var request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = function () { request.result.createObjectStore(STORE, { keyPath: "id" }); };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { reject(request.error); };
    });
    return opening;
  }

  /* Where a browser keeps nothing (a private window), the form works all the same. */
  function inStore(mode, work) {
    return opened().then(function (database) {
      return new Promise(function (resolve, reject) {
        var transaction = database.transaction(STORE, mode);
        var request = work(transaction.objectStore(STORE));
        transaction.oncomplete = function () { resolve(request.result); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error); };
      });
    }).catch(function () { return undefined; });
  }

  function forget(id) {
    return inStore("readwrite", function (store) { return store.delete(id); });
  }

  class ReportDraft extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      if (this.ready || !this.form || !window.pictureShrink) return;
      this.ready = true;
      this.draft = { id: this.dataset.keep, key: this.form.elements.key.value, fields: {}, pictures: [], waiting: false };
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
      return inStore("readonly", function (store) { return store.get(element.dataset.keep); }).then(function (kept) {
        if (!kept || Date.now() - kept.at > KEPT) return;
        if (isAnswer) {
          // The site has the pictures that it took; what it says of the fields holds.
          if (kept.key === element.draft.key) element.draft = kept;
          element.draft.waiting = false;
          element.dispatchEvent(new CustomEvent("picture-place"));
          element.warn();
          return;
        }
        element.draft = kept;
        kept.pictures.forEach(function (picture) { picture.sent = false; });
        element.form.elements.key.value = kept.key;
        element.fill(kept.fields);
        element.dispatchEvent(new CustomEvent("report-restored"));
        kept.pictures.forEach(function (picture) { element.show(picture, null); });
        element.warn();
        if (kept.waiting) element.send();
        else element.say(element.dataset.restored);
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
      return inStore("readwrite", function (store) { return store.put(draft); });
    }

    typed() {
      clearTimeout(this.keeping);
      this.keeping = setTimeout(this.keep.bind(this), 300);
    }

    changed(event) {
      var input = event.target;
      if (input.type === "file") {
        this.take(Array.from(input.files));
        input.value = "";
        return;
      }
      this.warn();
      this.keep();
    }

    /* --- pictures --- */

    pasted(event) {
      var files = Array.from((event.clipboardData && event.clipboardData.files) || []);
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    }

    take(files) {
      var element = this;
      // One after the other: several large ones at once are too much for an old phone.
      return files.reduce(function (before, file) {
        return before.then(function () { return element.takeOne(file); });
      }, Promise.resolve()).then(function () { return element.keep(); });
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
      var placed = this.draft && this.draft.pictures.find(function (picture) { return picture.position; });
      return placed ? placed.position : null;
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
      this.send();
    }

    retry() {
      if (this.draft.waiting && document.visibilityState === "visible") this.send();
    }

    send() {
      var element = this;
      if (this.sending) return;
      this.sending = true;
      clearTimeout(this.timer);
      this.draft.waiting = true;
      this.busy(true);
      this.say(this.dataset.sending);
      this.keep().then(function () { return element.posted(); }).then(
        function (answer) { return element.answered(answer); },
        function () { element.later(); }
      ).then(function () {
        element.sending = false;
        element.busy(false);
      });
    }

    posted() {
      var body = new FormData(this.form);
      body.delete("photos");
      var pictures = this.draft.pictures;
      pictures.forEach(function (picture) {
        if (!picture.sent) body.append("photos", picture.blob, picture.name);
      });
      var seen = this.seenAt();
      if (seen) body.set("seen_at", seen.join(","));
      var stop = new AbortController();
      var patience = setTimeout(function () { stop.abort(); }, PATIENCE);
      return fetch(this.form.action, { method: "POST", body: body, signal: stop.signal, credentials: "same-origin" })
        .then(function (response) {
          return response.text().then(function (text) { return { response: response, text: text }; });
        })
        .finally(function () { clearTimeout(patience); });
    }

    later() {
      this.say(this.dataset.waiting, "want");
      this.timer = setTimeout(this.retry, this.wait);
      this.wait = Math.min(LAST_RETRY, this.wait * 2);
    }

    answered(answer) {
      var element = this;
      var response = answer.response;
      if (response.ok && response.redirected && /\/report\/[0-9a-f-]{36}\/$/.test(response.url)) {
        return forget(this.dataset.keep).then(function () {
          element.draft.waiting = false;
          window.location.assign(response.url);
          return new Promise(function () {}); // busy until the next page is there
        });
      }
      this.draft.waiting = false;
      var page = new DOMParser().parseFromString(answer.text, "text/html");
      var next = page.querySelector("report-draft");
      if (!next || response.status >= 500) {
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
    if (id) forget(id);
  }, true);

  if (!customElements.get("report-draft")) customElements.define("report-draft", ReportDraft);
})();
