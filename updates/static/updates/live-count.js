/* The number of unread messages, as it changes.

   <live-count class="count" data-follow='{"person:3": 12}' data-count="2" data-one="1 unread message"
               data-many="{count} unread messages" hidden><span aria-hidden="true">2</span><span class="vh">…</span></live-count>

   The verb `message` adds one, `read` says how many are left. At none it is hidden. */
(function () {
  "use strict";

  var MOST = 99;

  class LiveCount extends HTMLElement {
    connectedCallback() {
      this.at = window.Live.declared(this);
      this.onUpdates = this.onUpdates.bind(this);
      document.addEventListener("live:updates", this.onUpdates);
    }

    disconnectedCallback() {
      document.removeEventListener("live:updates", this.onUpdates);
    }

    onUpdates(event) {
      var topic = event.detail.topic;
      if (!(topic in this.at)) return;
      var count = Number(this.dataset.count);
      event.detail.updates.forEach(function (update) {
        if (update.seq <= this.at[topic]) return;
        this.at[topic] = update.seq;
        if (update.verb === "message") count += 1;
        if (update.verb === "read") count = Number(update.payload.unread) || 0;
      }, this);
      this.show(count);
    }

    show(count) {
      this.dataset.count = String(count);
      this.hidden = count === 0;
      this.firstElementChild.textContent = count > MOST ? MOST + "+" : String(count);
      this.lastElementChild.textContent = count === 1 ? this.dataset.one : this.dataset.many.replace("{count}", String(count));
    }
  }

  customElements.define("live-count", LiveCount);
})();
