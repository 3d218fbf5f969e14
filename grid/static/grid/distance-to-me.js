/* How far the things of a list are from whoever holds the phone. It asks only when it is told to, and sends nothing.

   <distance-to-me data-list="points" data-metres="about {n} m" data-kilometres="about {n} km" data-waiting="…"
                   data-told="…" data-sorted="…" data-refused="…" data-failed="…">
     <button data-do="ask" hidden>…</button> <button data-do="sort" hidden>…</button> <p role="status"></p> </distance-to-me>

   Each element of the list with data-lon and data-lat (WGS-84) gets its distance into its [data-distance], or at its end.
   Room for all that will be said is made in the moment of asking, so that nothing moves when it is said. Where the list is
   fetched anew (`live:fresh`) it is told again; another page knows nothing of it. */
(function () {
  "use strict";

  var EARTH = 6371009; // metres
  var PATIENCE = 15000; // milliseconds
  var AGE = 60000; // milliseconds that a position may be old
  var REFUSED = 1; // GeolocationPositionError.PERMISSION_DENIED
  var WIDEST = 9900; // metres, in words; room is kept for that much

  class DistanceToMe extends HTMLElement {
    connectedCallback() {
      this.ask = this.querySelector('[data-do="ask"]');
      this.sort = this.querySelector('[data-do="sort"]');
      this.status = this.querySelector('[role="status"]');
      this.onFresh = this.onFresh.bind(this);
      document.addEventListener("live:fresh", this.onFresh);
      // Browsers tell a position to pages that come over TLS, and to the own machine.
      this.hidden = !navigator.geolocation || !window.isSecureContext || !this.lines().length;
      if (this.hidden || this.isReady) return;
      this.isReady = true;
      this.ask.hidden = false;
      this.ask.addEventListener("click", this.find.bind(this));
      if (this.sort) this.sort.addEventListener("click", this.arrange.bind(this));
    }

    disconnectedCallback() {
      document.removeEventListener("live:fresh", this.onFresh);
    }

    onFresh() {
      if (!this.here) return;
      this.measure();
      if (this.isSorted) this.arrange();
    }

    lines() {
      var list = document.getElementById(this.dataset.list);
      return list ? Array.from(list.querySelectorAll("[data-lon][data-lat]")) : [];
    }

    find() {
      if (!this.here) this.makeRoom();
      this.status.textContent = this.dataset.waiting;
      navigator.geolocation.getCurrentPosition(this.tell.bind(this), this.fail.bind(this), {
        enableHighAccuracy: true, timeout: PATIENCE, maximumAge: AGE
      });
    }

    makeRoom() {
      var widest = this.words(WIDEST);
      this.lines().forEach(function (line) {
        var place = placeIn(line);
        place.style.visibility = "hidden"; // nobody sees or hears it yet
        place.textContent = widest;
      });
      this.lines().forEach(function (line) {
        this.room = Math.max(this.room || 0, placeIn(line).offsetWidth);
      }, this);
      if (this.sort && this.lines().length > 1) {
        this.sort.style.visibility = this.sort.hidden ? "hidden" : "";
        this.sort.hidden = false;
      }
      this.status.style.minHeight = Math.max.apply(null, ["waiting", "told", "sorted", "refused", "failed"].map(function (name) {
        this.status.textContent = this.dataset[name];
        return this.status.offsetHeight;
      }, this)) + "px";
    }

    tell(found) {
      this.here = found.coords;
      this.measure();
      this.status.textContent = this.dataset.told;
      if (this.sort) this.sort.style.visibility = "";
    }

    measure() {
      this.lines().forEach(function (line) {
        var away = metres(this.here.latitude, this.here.longitude, Number(line.dataset.lat), Number(line.dataset.lon));
        var place = placeIn(line);
        line.dataset.away = String(away);
        place.textContent = this.words(away);
        place.style.minWidth = this.room + "px";
        place.style.visibility = "";
      }, this);
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
      this.isSorted = true;
      this.status.textContent = this.dataset.sorted;
    }
  }

  /** Where the distance of a line is said. */
  function placeIn(line) {
    var place = line.querySelector("[data-distance]");
    if (!place) {
      place = document.createElement("span");
      place.dataset.distance = "";
      line.append(" ", place);
    }
    return place;
  }

  function metres(lat, lon, otherLat, otherLon) {
    var rad = Math.PI / 180;
    var up = Math.sin((otherLat - lat) * rad / 2);
    var aside = Math.sin((otherLon - lon) * rad / 2);
    return 2 * EARTH * Math.asin(Math.sqrt(up * up + Math.cos(lat * rad) * Math.cos(otherLat * rad) * aside * aside));
  }

  if (!customElements.get("distance-to-me")) customElements.define("distance-to-me", DistanceToMe);
})();
