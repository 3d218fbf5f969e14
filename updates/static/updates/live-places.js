/* Free places and waiting lists change in place.

   <live-places data-action="5" data-follow='{"action:5": 17}' data-shifts='{"12": [20, 17, 0]}' data-mine="[]"></live-places>
   <div data-places="5:12"> or data-places="5:*", the shifts of data-shifts together:
     data-case="free" / "waiting" / "full"    shown in these cases of the scope (several: with blanks between), else hidden
     data-words="{free} more wanted"          its text, with {free}, {taken}, {capacity}, {waiting}
     data-below="6"                           hidden once six are taken
     data-next="12"                           of these the first whose shift has a free place is shown, else the first
     svg.stitches                             drawn anew

   The update of a shift that stands nowhere here, or on which this person waits (data-mine), wants a fresh page: the
   document hears live:wanted, which <live-part> obeys. */
(function () {
  "use strict";

  function free(counts) {
    return counts[2] ? 0 : Math.max(0, counts[0] - counts[1]);
  }

  function filled(pattern, figures) {
    return pattern.replace(/\{(\w+)\}/g, function (blank, name) { return name in figures ? figures[name] : blank; });
  }

  function within(scope, selector, use) {
    if (scope.matches(selector)) use(scope);
    scope.querySelectorAll(selector).forEach(use);
  }

  class LivePlaces extends HTMLElement {
    connectedCallback() {
      this.follow = JSON.parse(this.dataset.follow || "{}");
      this.shifts = JSON.parse(this.dataset.shifts || "{}");
      this.mine = JSON.parse(this.dataset.mine || "[]");
      this.hear = this.hear.bind(this);
      document.addEventListener("live:updates", this.hear);
    }

    disconnectedCallback() {
      document.removeEventListener("live:updates", this.hear);
    }

    hear(event) {
      var topic = event.detail.topic;
      if (!(topic in this.follow)) return;
      event.detail.updates.forEach(function (update) {
        if (update.seq <= this.follow[topic]) return;
        this.follow[topic] = update.seq;
        if (update.verb === "places") this.take(update.payload);
      }, this);
    }

    take(told) {
      var shift = String(told.shift);
      var counts = [told.capacity, told.taken, told.waiting];
      var own = this.scopes(shift);
      if (this.mine.indexOf(told.shift) !== -1 || (!own.length && !(shift in this.shifts))) {
        document.dispatchEvent(new CustomEvent("live:wanted", { detail: { action: this.dataset.action } }));
        return;
      }
      own.forEach(function (scope) { this.tell(scope, counts, free(counts)); }, this);
      if (!(shift in this.shifts)) return;
      this.shifts[shift] = counts;
      var every = Object.keys(this.shifts).map(function (key) { return this.shifts[key]; }, this);
      var sum = [0, 1, 2].map(function (place) {
        return every.reduce(function (total, each) { return total + each[place]; }, 0);
      });
      var open = every.reduce(function (total, each) { return total + free(each); }, 0);
      this.scopes("*").forEach(function (scope) {
        this.tell(scope, sum, open);
        this.point(scope);
      }, this);
    }

    scopes(shift) {
      return document.querySelectorAll('[data-places="' + this.dataset.action + ":" + shift + '"]');
    }

    tell(scope, counts, open) {
      var figures = { capacity: counts[0], taken: counts[1], waiting: counts[2], free: open };
      var now = open ? "free" : counts[2] ? "waiting" : "full";
      within(scope, "[data-words]", function (part) { part.textContent = filled(part.dataset.words, figures); });
      within(scope, "[data-case]", function (part) { part.hidden = part.dataset.case.split(" ").indexOf(now) === -1; });
      within(scope, "[data-below]", function (part) { part.hidden = counts[1] >= Number(part.dataset.below); });
      window.stitches.redraw(scope, counts[1], counts[0]);
    }

    point(scope) {
      var each = Array.from(scope.querySelectorAll("[data-next]"));
      var next = each.filter(function (part) { return free(this.shifts[part.dataset.next] || [0, 0, 0]); }, this)[0] || each[0];
      each.forEach(function (part) { part.hidden = part !== next; });
    }
  }

  if (!customElements.get("live-places")) customElements.define("live-places", LivePlaces);
})();
