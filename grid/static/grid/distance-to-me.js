/* How far the things of a list are from whoever holds the phone. It asks only when it is told to, and sends nothing.

   <distance-to-me data-list="points" data-metres="about {n} m" data-kilometres="about {n} km" data-waiting="…"
                   data-told="…" data-sorted="…" data-refused="…" data-failed="…">
     <button data-do="ask" hidden>…</button> <button data-do="sort" hidden>…</button> <p role="status"></p> </distance-to-me>

   Each element of the list with data-lon and data-lat (WGS-84) gets its distance into its [data-distance], or at its end. */
(function () {
  "use strict";

  var EARTH = 6371009; // metres
  var PATIENCE = 15000; // milliseconds
  var AGE = 60000; // milliseconds that a position may be old
  var REFUSED = 1; // GeolocationPositionError.PERMISSION_DENIED

  class DistanceToMe extends HTMLElement {
    connectedCallback() {
      this.ask = this.querySelector('[data-do="ask"]');
      this.sort = this.querySelector('[data-do="sort"]');
      this.status = this.querySelector('[role="status"]');
      // Browsers tell a position to pages that come over TLS, and to the own machine.
      if (!navigator.geolocation || !window.isSecureContext || !this.lines().length || this.isReady) return;
      this.isReady = true;
      this.ask.hidden = false;
      this.ask.addEventListener("click", this.find.bind(this));
      this.sort.addEventListener("click", this.arrange.bind(this));
    }

    lines() {
      var list = document.getElementById(this.dataset.list);
      return list ? Array.from(list.querySelectorAll("[data-lon][data-lat]")) : [];
    }

    find() {
      this.status.textContent = this.dataset.waiting;
      navigator.geolocation.getCurrentPosition(this.tell.bind(this), this.fail.bind(this), {
        enableHighAccuracy: true, timeout: PATIENCE, maximumAge: AGE
      });
    }

    tell(found) {
      var here = found.coords;
      this.lines().forEach(function (line) {
        var away = metres(here.latitude, here.longitude, Number(line.dataset.lat), Number(line.dataset.lon));
        line.dataset.away = String(away);
        var place = line.querySelector("[data-distance]");
        if (!place) {
          place = document.createElement("span");
          place.dataset.distance = "";
          line.append(" ", place);
        }
        place.textContent = this.words(away);
      }, this);
      this.status.textContent = this.dataset.told;
      this.sort.hidden = this.lines().length < 2;
    }

    words(away) {
      if (away < 950) return this.dataset.metres.replace("{n}", String(Math.max(10, Math.round(away / 10) * 10)));
      return this.dataset.kilometres.replace("{n}", (away / 1000).toFixed(away < 9950 ? 1 : 0));
    }

    fail(error) {
      this.status.textContent = error.code === REFUSED ? this.dataset.refused : this.dataset.failed;
    }

    /** The nearest first; what says no place stays behind them, in its order. */
    arrange() {
      var list = document.getElementById(this.dataset.list);
      var known = this.lines().filter(function (line) { return line.parentElement === list && line.dataset.away; });
      known.sort(function (one, other) { return one.dataset.away - other.dataset.away; });
      list.prepend.apply(list, known);
      this.status.textContent = this.dataset.sorted;
    }
  }

  function metres(lat, lon, otherLat, otherLon) {
    var rad = Math.PI / 180;
    var up = Math.sin((otherLat - lat) * rad / 2);
    var aside = Math.sin((otherLon - lon) * rad / 2);
    return 2 * EARTH * Math.asin(Math.sqrt(up * up + Math.cos(lat * rad) * Math.cos(otherLat * rad) * aside * aside));
  }

  if (!customElements.get("distance-to-me")) customElements.define("distance-to-me", DistanceToMe);
})();
