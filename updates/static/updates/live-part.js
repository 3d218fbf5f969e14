/* Pieces of the page that the server renders anew when something happened.

   <live-part data-follow='{"action:5": 17}' data-verbs="opened moved closed" data-parts="action-main action-side"
              data-spread="2000"></live-part>

   On one of these verbs, or on `live:wanted`, the page is fetched again – everybody within data-spread milliseconds, not
   in one moment – and each element with one of these ids is replaced by the fresh one. Focus, open <details> with an id,
   elements with data-keep and an id, and the place on the page stay; while somebody writes in a piece it waits. Then the
   document hears `live:fresh`, with the fetched page, and `live:scan`. */
(function () {
  "use strict";

  var Live = window.Live;
  var GATHER = 300; // milliseconds
  var FIELDS = "input, select, textarea, [contenteditable]";

  class LivePart extends HTMLElement {
    connectedCallback() {
      this.at = Live.declared(this);
      this.wanted = {}; // topic → number up to which the page must be told anew
      this.isWanted = false;
      this.isFetching = false;
      this.failed = 0;
      this.onUpdates = this.onUpdates.bind(this);
      this.onWanted = this.onWanted.bind(this);
      this.onFocusOut = this.onFocusOut.bind(this);
      document.addEventListener("live:updates", this.onUpdates);
      document.addEventListener("live:wanted", this.onWanted);
      document.addEventListener("focusout", this.onFocusOut);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("live:updates", this.onUpdates);
      document.removeEventListener("live:wanted", this.onWanted);
      document.removeEventListener("focusout", this.onFocusOut);
    }

    onUpdates(event) {
      var topic = event.detail.topic;
      var verbs = (this.dataset.verbs || "").split(" ");
      if (!(topic in this.at)) return;
      event.detail.updates.forEach(function (update) {
        if (update.seq > this.at[topic] && verbs.indexOf(update.verb) !== -1) this.wanted[topic] = update.seq;
      }, this);
      if (this.isBehind()) this.soon();
    }

    onWanted() {
      this.isWanted = true;
      this.soon();
    }

    onFocusOut() {
      if (this.isHeldUp) this.soon();
    }

    isBehind() {
      return this.isWanted || Object.keys(this.wanted).some(function (topic) {
        return this.wanted[topic] > this.at[topic];
      }, this);
    }

    soon(wait) {
      if (this.timer || this.isFetching || !this.isConnected) return;
      var spread = Math.random() * Number(this.dataset.spread || 0);
      this.timer = setTimeout(this.refresh.bind(this), wait === undefined ? GATHER + spread : wait);
    }

    async refresh() {
      this.timer = 0;
      this.isHeldUp = this.parts().some(isBusy);
      if (this.isHeldUp) return;
      this.isFetching = true;
      this.isWanted = false;
      var fresh = null;
      try {
        fresh = await fetchPage();
        this.failed = 0;
      } catch (error) {
        this.isWanted = true;
        this.failed += 1;
      }
      this.isFetching = false;
      if (!this.isConnected) return;
      this.isHeldUp = this.parts().some(isBusy);
      if (this.isHeldUp) this.isWanted = true;
      else if (fresh) this.put(fresh);
      if (this.isBehind() && !this.isHeldUp) this.soon(this.failed ? GATHER + Live.backOff(this.failed) : undefined);
    }

    parts() {
      return this.dataset.parts.split(" ").map(function (id) {
        return document.getElementById(id);
      }).filter(Boolean);
    }

    put(fresh) {
      var twin = fresh.querySelector('live-part[data-parts="' + this.dataset.parts + '"]');
      var told = twin ? Live.declared(twin) : this.wanted;
      Object.keys(this.at).forEach(function (topic) {
        this.at[topic] = Math.max(this.at[topic], told[topic] || 0);
      }, this);
      this.parts().forEach(function (part) {
        var next = fresh.getElementById(part.id);
        if (next) replace(part, document.importNode(next, true));
      });
      document.dispatchEvent(new CustomEvent("live:fresh", { detail: { page: fresh } }));
      document.dispatchEvent(new CustomEvent("live:scan"));
    }
  }

  /** Somebody is writing here, has written, or is sending it. */
  function isBusy(part) {
    var active = document.activeElement;
    var writes = part.contains(active) && active.matches(FIELDS);
    return writes || Live.isTyped(part) || part.querySelector('[aria-busy="true"]') !== null;
  }

  /** This page as it is now; the page itself is left if it is not for us any more. */
  async function fetchPage() {
    var answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (answer.status === 404 || answer.status === 403 || answer.redirected) Live.reload();
    else if (!answer.ok) throw new Error(String(answer.status));
    else return new DOMParser().parseFromString(await answer.text(), "text/html");
    return null;
  }

  function replace(part, next) {
    part.querySelectorAll("details[id]").forEach(function (old) {
      var same = next.querySelector("#" + CSS.escape(old.id));
      if (same) same.open = old.open;
    });
    part.querySelectorAll("[data-keep][id]").forEach(function (old) {
      var same = next.querySelector("#" + CSS.escape(old.id));
      if (same) same.replaceWith(old);
    });
    var focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : "";
    var height = part.getBoundingClientRect().bottom < 0 ? part.offsetHeight : -1;
    var anchoring = document.documentElement.style;
    anchoring.overflowAnchor = "none"; // browsers that keep the place themselves would do it twice
    part.replaceWith(next);
    if (height >= 0) window.scrollBy(0, next.offsetHeight - height);
    requestAnimationFrame(function () {
      anchoring.overflowAnchor = "";
    });
    var start = focused && next.querySelector(focused);
    if (start) start.focus({ preventScroll: true });
    if (!window.htmx) return;
    window.htmx.process(next);
    window.htmx.trigger(next, "htmx:load");
  }

  /** A selector that finds this element again in a fresh page. */
  function nameOf(element) {
    if (element.id) return "#" + CSS.escape(element.id);
    var tag = element.tagName.toLowerCase();
    if (element.hasAttribute("href")) return tag + '[href="' + CSS.escape(element.getAttribute("href")) + '"]';
    return element.name ? tag + '[name="' + CSS.escape(element.name) + '"]' : tag;
  }

  customElements.define("live-part", LivePart);
})();
