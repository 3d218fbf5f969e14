/* The page goes on by itself: one connection for everything that it follows.

   <live-line role="status" data-reconnecting="…" data-offline="…" data-polling="…" data-signed-out="…"
              data-stale="…" data-refresh="…" data-person="3"></live-line>

   What is followed stands on [data-follow] anywhere in the page (live-topics.js); on `live:scan` and after htmx has put
   something in, the page is looked at again. Updates are given out as `live:updates`. data-at says how far we are,
   data-state how it stands: connecting, live, waiting, polling, signed-out; live-words.js says it when it matters.
   The connection outlives the element: a form's answer may take the place of the whole body. */
(function () {
  "use strict";

  var Live = window.Live;
  var ACK_EVERY = 32; // updates
  var ACK_AFTER = 30000; // milliseconds
  var SLEPT = 20000;
  var TRIES = 3;
  var SOCKET_AGAIN = 60000;
  var SOCKET_MUCH_LATER = 300000;
  var SIGNED_OUT = 4401;
  var TOO_MANY = 4429;
  var FULL = 4503;

  var page = null; // the <live-line> of the body as it is now
  var state = "";
  var said = ""; // what the words are about; mostly the state
  var line = null; // the socket
  var heard = false; // this socket has said something
  var failed = 0; // openings in a row that came to nothing
  var timer = 0; // of the next opening
  var owed = {}; // topic → updates that were not acknowledged
  var acking = 0;
  var hiddenAt = 0;
  var away = false; // the page was left, and is kept

  function stand(now) {
    if (now !== undefined) state = said = now;
    if (!page) return;
    page.dataset.at = JSON.stringify(Live.topics.positions());
    if (state) page.dataset.state = state;
    else page.removeAttribute("data-state");
    page.tell(said);
  }

  // --- following ---------------------------------------------------------------------------------------------------

  function follow(topic) {
    delete owed[topic];
    if (line) line.say({ type: "follow", topic: topic, after: Live.topics.positions()[topic] });
  }

  function scan() {
    var found = Live.topics.scan();
    found.gone.forEach(function (topic) {
      delete owed[topic];
      if (line) line.say({ type: "unfollow", topic: topic });
    });
    if (state === "signed-out") return;
    if (!Live.topics.names().length) rest();
    else if (!line && !timer && !away) connect();
    else found.now.forEach(follow);
    if (found.now.length && state === "polling") Live.poll.now();
    stand();
  }

  function take(frame) {
    if (frame.type === "updates") {
      if (!Live.topics.take(frame.topic, frame.updates, frame.last)) return follow(frame.topic);
      if (line && frame.updates.length) owe(frame.topic, frame.updates.length);
    } else if (frame.type === "refused" && frame.topic) {
      Live.topics.drop(frame.topic);
      // One's own topic is refused only to somebody who is not oneself any more.
      if (page && frame.topic === "person:" + page.dataset.person) leave();
      else if (!Live.topics.names().length) rest();
    } else if (frame.type === "reload") {
      Live.reload();
    }
    stand();
  }

  function owe(topic, count) {
    owed[topic] = (owed[topic] || 0) + count;
    clearTimeout(acking);
    acking = setTimeout(function () {
      Object.keys(owed).forEach(acknowledge);
    }, ACK_AFTER);
    if (owed[topic] >= ACK_EVERY) acknowledge(topic);
  }

  function acknowledge(topic) {
    delete owed[topic];
    var seq = Live.topics.positions()[topic];
    if (line && seq !== undefined) line.say({ type: "ack", topic: topic, seq: seq });
  }

  // --- the connection ----------------------------------------------------------------------------------------------

  function connect() {
    clearTimeout(timer);
    timer = 0;
    hangUp();
    heard = false;
    if (state !== "polling") stand("connecting");
    line = Live.connect({ open: opened, frame: hear, closed: lost });
    if (!line) poll(0);
  }

  function opened() {
    Live.topics.names().forEach(follow);
  }

  function hear(frame) {
    if (!heard) {
      heard = true;
      failed = 0;
      Live.poll.stop();
      stand("live");
    }
    take(frame);
  }

  function lost(code) {
    line = null;
    owed = {};
    if (!heard) failed += 1;
    if (code === SIGNED_OUT) leave();
    else if (code === TOO_MANY) poll(SOCKET_MUCH_LATER);
    else if (code === FULL || failed >= TRIES || state === "polling") poll(SOCKET_AGAIN);
    else {
      stand("waiting");
      timer = setTimeout(connect, Live.backOff(failed));
    }
  }

  /** Ask over HTTP, and try the websocket again after a while (0: there is none). */
  function poll(again) {
    if (again) timer = setTimeout(connect, again);
    if (state === "polling") return;
    stand("polling");
    Live.poll.start({
      frame: take,
      round: function (well) {
        said = well ? "" : "waiting"; // as long as it works nobody needs to know how
        stand();
      },
    });
  }

  function hangUp() {
    if (line) line.end();
    line = null;
    owed = {};
  }

  function rest() {
    clearTimeout(timer);
    timer = 0;
    failed = 0;
    hangUp();
    Live.poll.stop();
    stand("");
  }

  /** The person who looks at this page has signed out elsewhere. */
  function leave() {
    rest();
    stand("signed-out");
  }

  /** There is reason to think that it works now, or that it does not any more. */
  function atOnce() {
    if (away || state === "signed-out" || !Live.topics.names().length) return;
    if (line) line.check();
    else connect();
    if (state === "polling") Live.poll.now();
  }

  // --- the element, and the world ----------------------------------------------------------------------------------

  /** A page with this <live-line> is here, instead of the one before. */
  Live.arrived = function (element) {
    if (page && (state === "signed-out" || page.dataset.person !== element.dataset.person)) {
      Live.topics.forgive();
      rest();
    }
    page = element;
    stand();
    soon();
  };

  var due = 0;

  function soon() {
    if (document.readyState === "loading") return;
    clearTimeout(due);
    due = setTimeout(scan, 0);
  }

  // Then every other script is there to listen.
  document.addEventListener("DOMContentLoaded", soon);
  document.addEventListener("live:scan", soon);
  document.addEventListener("htmx:load", soon);
  window.addEventListener("online", function () {
    // What was tried without a network says nothing about this one, and an opening begun without it comes to nothing.
    failed = 0;
    if (!heard) hangUp();
    atOnce();
  });
  window.addEventListener("offline", atOnce);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) hiddenAt = Date.now();
    else if (!line || Date.now() - hiddenAt > SLEPT) atOnce();
  });
  window.addEventListener("pagehide", function () {
    rest();
    away = true;
  });
  window.addEventListener("pageshow", function (event) {
    away = false;
    if (event.persisted) atOnce();
  });
})();
