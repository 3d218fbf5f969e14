/* One websocket to /ws/updates/: whether it lives is found out by asking. Part of live-line.js.

   Live.connect({open: …, frame: …, closed: …}) → {say, check, end}, or null where there is no websocket.
   `frame` gets every frame as an object; `closed` gets the code, once, and 0 if the line went dead. */
(function () {
  "use strict";

  var Live = (window.Live = window.Live || {});
  var PING_EVERY = 25000; // milliseconds
  var ANSWER_WITHIN = 10000;
  var LONGEST = 30000;
  var FIRST = 1000;

  /** Milliseconds to wait before attempt number n (from 0): anywhere below a bound that doubles, so that a town whose
      server was started anew does not come back in one moment. */
  Live.backOff = function (n) {
    return Math.random() * Math.min(LONGEST, FIRST * Math.pow(2, n));
  };

  function open() {
    try {
      return new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/ws/updates/");
    } catch (error) {
      return null; // there is none, or a policy forbids it
    }
  }

  Live.connect = function (on) {
    var socket = open();
    if (!socket) return null;
    var pinging = setInterval(ping, PING_EVERY);
    var patience = setTimeout(die, LONGEST); // a handshake may be in a queue, but not for ever
    var over = false;

    function end(code) {
      if (over) return;
      over = true;
      clearInterval(pinging);
      clearTimeout(patience);
      if (code !== undefined) on.closed(code);
    }

    function die() {
      end(0);
      socket.close();
    }

    function say(frame) {
      if (!over && socket.readyState === 1) socket.send(JSON.stringify(frame));
    }

    function ping() {
      if (over || socket.readyState !== 1) return;
      say({ type: "ping" });
      clearTimeout(patience);
      patience = setTimeout(die, ANSWER_WITHIN);
    }

    socket.onopen = function () {
      if (over) return;
      clearTimeout(patience);
      patience = setTimeout(die, ANSWER_WITHIN); // the first `follow` is always answered
      on.open();
    };
    socket.onmessage = function (event) {
      if (over) return;
      clearTimeout(patience);
      var frame = null;
      try {
        frame = JSON.parse(event.data);
      } catch (error) {
        return;
      }
      on.frame(frame);
    };
    socket.onclose = function (event) {
      end(event.code);
    };

    return {
      say: say,
      /** Is the other side still there? Ask, if this is not being found out anyway. */
      check: ping,
      /** Hang up; `closed` hears nothing of it. */
      end: function () {
        end();
        socket.close();
      },
    };
  };
})();
