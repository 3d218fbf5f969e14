/* How many cases came to this list since it was shown. Nothing on the page moves before somebody asks for it.

   <new-cases role="status" data-follow='{"cases": 41}' data-verbs="case_moved" data-list="case-list"
              data-one="1 new – show" data-many="{count} new – show"></new-cases>

   On one of these verbs the page is fetched again, at most once in a while, and its rows (data-number) are compared with
   those that are shown. Pressing the button puts the fresh list in the place of the old one. */
(function () {
  "use strict";

  var Live = window.Live;
  var GATHER = 1500; // milliseconds

  function numbersIn(list) {
    return Array.from(list.querySelectorAll("[data-number]"), function (row) {
      return row.dataset.number;
    });
  }

  class NewCases extends HTMLElement {
    connectedCallback() {
      this.at = Live.declared(this);
      this.onUpdates = this.onUpdates.bind(this);
      document.addEventListener("live:updates", this.onUpdates);
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      document.removeEventListener("live:updates", this.onUpdates);
    }

    onUpdates(event) {
      var topic = event.detail.topic;
      var verbs = this.dataset.verbs.split(" ");
      if (!(topic in this.at)) return;
      var isNew = event.detail.updates.some(function (update) {
        return update.seq > this.at[topic] && verbs.indexOf(update.verb) !== -1;
      }, this);
      if (isNew && !this.timer) this.timer = setTimeout(this.look.bind(this), GATHER);
    }

    async look() {
      this.timer = 0;
      var answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(function () {});
      if (!answer || !answer.ok || !this.isConnected) return;
      var page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.fresh = page.getElementById(this.dataset.list);
      if (!this.fresh) return;
      var shown = numbersIn(document.getElementById(this.dataset.list));
      var count = numbersIn(this.fresh).filter(function (number) {
        return shown.indexOf(number) === -1;
      }).length;
      this.tell(count);
    }

    tell(count) {
      this.textContent = "";
      if (!count) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn small";
      button.textContent = count === 1 ? this.dataset.one : this.dataset.many.replace("{count}", String(count));
      button.addEventListener("click", this.show.bind(this));
      this.append(button);
    }

    show() {
      var list = document.getElementById(this.dataset.list);
      var ticked = Array.from(list.querySelectorAll("input:checked"), function (input) {
        return input.value;
      });
      var next = document.importNode(this.fresh, true);
      next.querySelectorAll("input[type=checkbox]").forEach(function (input) {
        input.checked = ticked.indexOf(input.value) !== -1;
      });
      list.replaceWith(next);
      this.textContent = "";
      var first = next.querySelector("[data-number] a");
      if (first) first.focus({ preventScroll: true });
    }
  }

  if (!customElements.get("new-cases")) customElements.define("new-cases", NewCases);
})();
