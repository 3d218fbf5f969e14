/* Where no websocket is to be had: ask the book over HTTP, a few topics at a time. Part of live-line.js.

   Live.poll.start({frame: …, round: …}), Live.poll.stop(), Live.poll.now()
   `frame` gets what a websocket would have said; `round` hears after every round whether it went well. */
(function () {
  "use strict";

  var Live = (window.Live = window.Live || {});
  var EVERY = 15000; // milliseconds, more or less
  var MORE_OR_LESS = 0.2;
  var AT_ONCE = 4; // topics in a round

  var on = null;
  var timer = 0;
  var turn = 0; // what comes next in the list of topics
  var asking = false;

  function nextTopics() {
    var names = Live.topics.names();
    var some = [];
    for (var i = 0; i < Math.min(AT_ONCE, names.length); i++) some.push(names[(turn + i) % names.length]);
    turn = names.length ? (turn + some.length) % names.length : 0;
    return some;
  }

  /** Ask until there is no more; answers the seconds to wait, if we were told to. */
  async function ask(topic) {
    for (;;) {
      var after = Live.topics.positions()[topic];
      if (after === undefined || !on) return 0;
      var answer = await fetch("/api/v1/updates/" + encodeURIComponent(topic) + "/?after=" + after, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
      });
      if (!on) return 0;
      if (answer.status === 429) return Number(answer.headers.get("Retry-After")) || 1;
      if (answer.status === 404) on.frame({ type: "refused", topic: topic });
      if (answer.status === 404) return 0;
      if (!answer.ok) throw new Error(String(answer.status));
      var said = await answer.json();
      if (!on) return 0;
      on.frame(said.reload ? { type: "reload", topic: topic } : Object.assign({ type: "updates" }, said));
      if (said.reload || !(Live.topics.positions()[topic] > after) || said.last <= Live.topics.positions()[topic]) return 0;
    }
  }

  async function round() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    var wait = 0;
    var well = true;
    var topics = nextTopics();
    try {
      for (var i = 0; i < topics.length && !wait; i++) wait = await ask(topics[i]);
    } catch (error) {
      well = false;
    }
    asking = false;
    if (!on) return;
    var pause = EVERY * (1 - MORE_OR_LESS + 2 * MORE_OR_LESS * Math.random());
    timer = setTimeout(round, Math.max(pause, wait * 1000));
    on.round(well);
  }

  Live.poll = {
    start: function (handlers) {
      on = handlers;
      round();
    },
    stop: function () {
      on = null;
      clearTimeout(timer);
    },
    now: function () {
      if (on) round();
    },
  };
})();
