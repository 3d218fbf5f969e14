/* What this page follows, and how far it has come in each topic.

   <section data-follow='{"action:5": 17}'>   up to update 17 it is already in what the server rendered

   An update is given out once and in order, as `live:updates` on the document: {topic, updates, last}. Only an element
   that is new and older than the line – a piece of a page that was fetched a moment ago – makes the line go back for it.
   Elements therefore skip what they have had. Part of live-line.js. */
(function () {
  "use strict";

  var Live = (window.Live = window.Live || {});
  var MOST = 100; // topics that one connection may follow; of more, the first ones on the page
  var at = {}; // topic → number of the last update given out
  var known = new WeakMap(); // element → the declaration that was taken from it
  var dropped = {}; // topics that this page may not follow, or that start anew with a fresh page

  /** What this element has in it already: {topic: number}. */
  Live.declared = function (element) {
    try {
      return JSON.parse(element.dataset.follow || "{}") || {};
    } catch (error) {
      return {};
    }
  };

  Live.topics = {
    /** Look at the page again; tells {now, gone}: topics to be followed from where they stand, and to be left. */
    scan: function () {
      var fresh = {};
      var old = {};
      document.querySelectorAll("[data-follow]").forEach(function (element) {
        var isNew = known.get(element) !== element.dataset.follow;
        var declared = Live.declared(element);
        known.set(element, element.dataset.follow);
        Object.keys(declared).forEach(function (topic) {
          var from = Number(declared[topic]) || 0;
          if (isNew) fresh[topic] = topic in fresh ? Math.min(fresh[topic], from) : from;
          else old[topic] = true;
        });
      });
      var gone = Object.keys(at).filter(function (topic) {
        return !(topic in fresh) && !(topic in old);
      });
      gone.forEach(function (topic) {
        delete at[topic];
      });
      var now = Object.keys(fresh).filter(function (topic) {
        var before = at[topic];
        if (dropped[topic] || (before === undefined && Object.keys(at).length >= MOST)) return false;
        at[topic] = old[topic] && before !== undefined ? Math.min(before, fresh[topic]) : fresh[topic];
        return at[topic] !== before;
      });
      return { now: now, gone: gone };
    },

    names: function () {
      return Object.keys(at);
    },

    positions: function () {
      return Object.assign({}, at);
    },

    /** Give out what is new in this; false if something is missing in between. What nobody follows any more is let go. */
    take: function (topic, updates, last) {
      if (!(topic in at)) return true;
      var next = updates.filter(function (update) {
        return update.seq > at[topic];
      });
      if (!next.length) return true;
      if (next[0].seq > at[topic] + 1) return false;
      at[topic] = next[next.length - 1].seq;
      document.dispatchEvent(
        new CustomEvent("live:updates", { detail: { topic: topic, updates: next, last: last } })
      );
      return true;
    },

    drop: function (topic) {
      dropped[topic] = true;
      delete at[topic];
    },

    /** Somebody else looks at the page now: what was refused may be allowed. */
    forgive: function () {
      dropped = {};
      known = new WeakMap();
    },
  };
})();
