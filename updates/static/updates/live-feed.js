/* News as it comes, newest on top. updates/_feed.html writes

   <live-feed data-follow='{"action:5": 17}' data-verbs="opened posted …" data-most="100" data-zone="Asia/Shanghai" …>
     <div class="feed-news" role="status"><button data-one="…" data-several="{n} …" hidden></button></div>
     <ol class="entries"><li data-topic="action:5" data-seq="17" data-ref="…">…</ol>
     <p class="feed-empty">…</p>
     <template data-verb="posted"><li>…</template>

   A new entry is a clone of its verb's template; updates/templatetags/feed.py marks the places to fill. It waits behind
   the button, unless nobody can lose a line by it: the feed is empty or below the window, or the page is not looked at. */
(function () {
  "use strict";

  function held(update, path) {
    var steps = path.split(".");
    var from = steps[0] === "actor" ? { actor: update.actor } : path === "at" ? update : update.payload;
    return steps.slice(0, -1).reduce(function (value, step) { return value[step] || {}; }, from);
  }

  function value(update, path) {
    var found = held(update, path)[path.split(".").pop()];
    return found === undefined || found === null ? "" : String(found);
  }

  class LiveFeed extends HTMLElement {
    connectedCallback() {
      if (this.list || !this.dataset.follow) return;
      this.follow = JSON.parse(this.dataset.follow);
      this.list = this.querySelector(".entries");
      this.button = this.querySelector(".feed-news button");
      this.waiting = [];
      this.known = {};
      this.parts = new Intl.DateTimeFormat("en-GB", {
        timeZone: this.dataset.zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false
      });
      this.list.querySelectorAll("[data-ref]").forEach(function (entry) { this.known[entry.dataset.ref] = true; }, this);
      this.hear = this.hear.bind(this);
      this.button.addEventListener("click", this.show.bind(this));
      document.addEventListener("live:updates", this.hear);
    }

    disconnectedCallback() {
      if (this.hear) document.removeEventListener("live:updates", this.hear);
      this.list = null;
    }

    hear(event) {
      var topic = event.detail.topic;
      if (!(topic in this.follow)) return;
      event.detail.updates.forEach(function (update) {
        if (update.seq <= this.follow[topic]) return;
        this.follow[topic] = update.seq;
        if (update.verb === "withdrawn") this.withdraw(topic, update.payload.seq);
        else if (this.dataset.verbs.split(" ").indexOf(update.verb) !== -1) this.add(topic, update);
      }, this);
      if (this.waiting.length && this.nobodyLosesALine()) this.show();
      this.count();
    }

    // The same news comes from each topic that heard it; one that was taken back meanwhile has lost its name.
    add(topic, update) {
      var ref = update.payload.ref || update.verb + update.at;
      if (this.known[ref]) return;
      this.known[ref] = true;
      this.waiting.unshift(this.drawn(topic, update));
    }

    drawn(topic, update) {
      var verb = update.payload.ref ? update.verb : "withdrawn";
      var template = this.querySelector('template[data-verb="' + verb + '"]');
      var entry = document.importNode(template.content, true).querySelector(".entry");
      entry.dataset.topic = topic;
      entry.dataset.seq = String(update.seq);
      entry.dataset.ref = update.payload.ref || "";
      entry.querySelectorAll("[data-field]").forEach(function (part) { this.tell(part, update); }, this);
      entry.querySelectorAll("[data-of]").forEach(function (part) {
        if (part.dataset.of && part.dataset.of.split(" ").indexOf(value(update, "actor.organisation")) === -1) part.remove();
      });
      entry.querySelectorAll("[data-href]").forEach(function (link) {
        link.setAttribute("href", value(update, link.dataset.href));
      });
      entry.querySelectorAll("[data-fill]").forEach(function (link) {
        link.dataset.fill.split(" ").forEach(function (pair) {
          var blank = pair.split("=");
          var steps = link.getAttribute("href").split("/");
          steps[steps.indexOf(blank[0])] = encodeURIComponent(value(update, blank[1]));
          link.setAttribute("href", steps.join("/"));
        });
      });
      entry.querySelectorAll("time[data-at]").forEach(function (time) { this.stamp(time, update); }, this);
      return entry;
    }

    tell(part, update) {
      var path = part.dataset.field;
      var english = this.dataset.language === "en" && value(update, path + "_en");
      var words = english || value(update, path);
      part.lang = english ? "en" : "zh-Hans";
      part.textContent = /title$/.test(path) ? words.replace(/[|｜]/g, "") : words;
    }

    stamp(time, update) {
      var at = value(update, time.dataset.at);
      if (!at) return;
      time.setAttribute("datetime", at);
      var moment = this.on(new Date(at));
      var since = time.dataset.since && this.on(new Date(value(update, time.dataset.since)));
      var shape = time.dataset.as === "clock" && since && since.date === moment.date ? "today" : this.shape(moment, time.dataset.as);
      time.textContent = this.dataset[shape]
        .replace("{time}", moment.time).replace("{day}", moment.day).replace("{year}", moment.year)
        .replace("{month}", this.dataset.months.split(" ")[moment.month - 1]);
    }

    shape(moment, wanted) {
      var now = new Date();
      if (wanted === "stamp" && moment.date === this.on(now).date) return "today";
      if (wanted === "stamp" && moment.date === this.on(new Date(now - 864e5)).date) return "yesterday";
      return moment.year === this.on(now).year ? "date" : "year";
    }

    // A moment as the site's clock shows it, wherever the phone is.
    on(moment) {
      var said = {};
      this.parts.formatToParts(moment).forEach(function (part) { said[part.type] = part.value; });
      said.day = String(Number(said.day));
      said.date = [said.year, said.month, said.day].join("-");
      said.time = (said.hour === "24" ? "00" : said.hour) + ":" + said.minute;
      return said;
    }

    withdraw(topic, seq) {
      var replace = function (entry) {
        if (entry.dataset.topic !== topic || entry.dataset.seq !== String(seq)) return entry;
        var time = entry.querySelector('time[data-at="at"]').cloneNode(true);
        var stub = document.importNode(this.querySelector('template[data-verb="withdrawn"]').content, true).querySelector(".entry");
        stub.dataset.topic = topic;
        stub.dataset.seq = String(seq);
        stub.dataset.ref = entry.dataset.ref;
        stub.querySelector("time").replaceWith(time);
        if (entry.parentNode) entry.replaceWith(stub);
        return stub;
      }.bind(this);
      Array.from(this.list.children).forEach(replace);
      this.waiting = this.waiting.map(replace);
    }

    nobodyLosesALine() {
      return document.hidden || !this.list.children.length || this.getBoundingClientRect().top >= window.innerHeight;
    }

    show() {
      var hadFocus = document.activeElement === this.button;
      var first = this.waiting[0];
      this.list.prepend.apply(this.list, this.waiting);
      this.waiting = [];
      while (this.list.children.length > Number(this.dataset.most)) this.list.lastElementChild.remove();
      this.querySelector(".feed-empty").hidden = true;
      this.count();
      if (!hadFocus || !first) return;
      first.tabIndex = -1;
      first.focus();
    }

    count() {
      var waiting = this.waiting.length;
      this.button.hidden = !waiting;
      this.button.textContent = waiting ? (waiting === 1 ? this.button.dataset.one : this.button.dataset.several).replace("{n}", waiting) : "";
    }
  }

  if (!customElements.get("live-feed")) customElements.define("live-feed", LiveFeed);
})();
