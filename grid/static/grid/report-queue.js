/* Reports in this browser: kept until the site has said that it has them, and sent by one window at a time.

   reportQueue.get(id), put(draft), forget(id)       a draft: {id, key, action, person, fields, pictures, waiting, at}
   reportQueue.alone(work)                           when no other window is sending; or {unless: true} not at all
   reportQueue.post(action, body) → {address} of the receipt, or {response, page} that says what is still to be said
   reportQueue.sendAll()                             what waits, from a page that has not the form

   However often a report is sent, by its key it is one for the site. It needs report-waiting.js. */
(function () {
  "use strict";

  var DATABASE = "gongzhi-report";
  var STORE = "drafts";
  var LOCK = "gongzhi-report";
  var PATIENCE = 90000;
  var RECEIPT = /\/report\/[0-9a-f-]{36}\/$/;

  var opening = null;
  var notes = window.reportNotes;

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

  function get(id) {
    return inStore("readonly", function (store) { return store.get(id); });
  }

  function put(draft) {
    return inStore("readwrite", function (store) { return store.put(draft); });
  }

  function forget(id) {
    notes.drop(id);
    return inStore("readwrite", function (store) { return store.delete(id); });
  }

  /* A browser without locks has the site's own word for it that a report with one key is one. */
  function alone(work, options) {
    if (!navigator.locks) return Promise.resolve(work());
    return navigator.locks.request(LOCK, { ifAvailable: Boolean(options && options.unless) }, function (lock) {
      return lock ? work() : undefined;
    });
  }

  function seenAt(draft) {
    var placed = draft.pictures.find(function (picture) { return picture.position; });
    return placed ? placed.position : null;
  }

  function addPictures(body, draft, isAgain) {
    draft.pictures.forEach(function (picture) {
      if (isAgain || !picture.sent) body.append("photos", picture.blob, picture.name);
    });
    var seen = seenAt(draft);
    if (seen) body.set("seen_at", seen.join(","));
  }

  function read(response) {
    return response.text().then(function (text) { return new DOMParser().parseFromString(text, "text/html"); });
  }

  function post(action, body) {
    var stop = new AbortController();
    var patience = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch(action, { method: "POST", body: body, signal: stop.signal, credentials: "same-origin" })
      .then(function (response) {
        if (response.ok && response.redirected && RECEIPT.test(response.url)) return { address: new URL(response.url).pathname };
        return read(response).then(function (page) { return { response: response, page: page }; });
      })
      .finally(function () { clearTimeout(patience); });
  }

  /* The form as the site shows it now: its token, and whether it is still the same person who would be sending. */
  function fetchForm(draft) {
    return fetch(draft.action, { credentials: "same-origin" }).then(function (response) {
      if (response.status >= 500) throw new Error(String(response.status));
      return read(response);
    }).then(function (page) {
      var form = page.querySelector("report-draft form");
      var isTheSame = form && (form.parentElement.dataset.person || "") === (draft.person || "");
      return isTheSame ? form : null;
    });
  }

  function send(id) {
    return get(id).then(function (draft) {
      if (!draft || !draft.waiting) return notes.drop(id);
      return fetchForm(draft).then(function (form) {
        if (!form) return {};
        var body = new FormData();
        Object.keys(draft.fields).forEach(function (name) { body.set(name, draft.fields[name]); });
        body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        body.set("key", draft.key);
        addPictures(body, draft, true);
        return post(draft.action, body);
      }).then(function (answer) {
        if (answer.response && answer.response.status >= 500) throw new Error(String(answer.response.status));
        if (!answer.address) return notes.set(id, "asked", draft.action, draft.key);
        return forget(id).then(function () { notes.set(answer.address, "sent", answer.address, draft.key); });
      });
    });
  }

  /* One after the other. Rejected where it did not get through; another window that is sending does it. */
  function sendAll() {
    return alone(function () {
      return notes.all().reduce(function (before, note) {
        return before.then(function () { return note.state === "waiting" ? send(note.id) : undefined; });
      }, Promise.resolve());
    }, { unless: true });
  }

  window.reportQueue = window.reportQueue || {
    get: get, put: put, forget: forget, alone: alone, seenAt: seenAt, addPictures: addPictures, post: post, sendAll: sendAll
  };
})();
