/* A place is chosen on the map: pressed, dragged there, or moved there with the arrow keys.

   <pick-place data-pin="The place: …" [data-gcj]><p data-failed hidden>…</p> <grid-map data-pick …>…</grid-map></pick-place>

   pick.show([longitude, latitude] | null, isChosen) puts the pin; null leaves it where it is. What is chosen by hand is told
   by the event `place-picked`, with [longitude, latitude] in WGS-84. Needs grid-map.js and map-pin.js, and gcj02.js where the
   tiles are drawn in that system. Without this file the map is a picture. */
(function () {
  "use strict";

  var STEP = 10; // metres
  var CLOSE = 16; // zoom from which a finger hits a house
  var ROOM = [40, 40]; // pixels that the pin stays away from the edge

  class PickPlace extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.isChosen = false;
      this.addEventListener("map-drawn", this.begin.bind(this));
      this.addEventListener("map-failed", function () { this.querySelector("[data-failed]").hidden = false; }.bind(this));
    }

    begin() {
      this.map = this.querySelector("grid-map").map;
      this.pin = window.MapPin.put(this.map, this.map.getCenter(), "map-pin", this.dataset.pin);
      // An application gets the arrow keys from a screen reader, a button does not.
      this.pin.getElement().setAttribute("role", "application");
      this.pin.getElement().addEventListener("keydown", this.key.bind(this));
      this.pin.on("dragend", function () { this.choose(this.pin.getLatLng()); }, this);
      this.map.on("click", function (event) { this.choose(event.latlng); }, this);
      this.show(this.wanted || null, this.isChosen);
    }

    /* From outside: where the form, the phone or a picture says that it is. */
    show(at, isChosen) {
      this.wanted = at || this.wanted;
      this.isChosen = isChosen;
      if (!this.pin) return;
      this.pin.getElement().classList.toggle("is-open", !isChosen);
      if (!at) return;
      var there = this.dataset.gcj === undefined ? at : window.gcj02.to(at);
      this.pin.setLatLng([there[1], there[0]]);
      this.map.setView(this.pin.getLatLng(), Math.max(CLOSE, this.map.getZoom()), { animate: false });
    }

    choose(where) {
      this.pin.setLatLng(where);
      this.isChosen = true;
      this.pin.getElement().classList.remove("is-open");
      if (this.map.getZoom() < CLOSE) this.map.setView(where, CLOSE);
      else this.map.panInside(where, { padding: ROOM });
      var at = [where.lng, where.lat];
      this.wanted = this.dataset.gcj === undefined ? at : window.gcj02.from(at);
      this.dispatchEvent(new CustomEvent("place-picked", { bubbles: true, detail: this.wanted }));
    }

    key(event) {
      var at = this.pin.getLatLng();
      var moved = window.MapPin.moved(event, [at.lat, at.lng], STEP);
      if (!moved && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.choose(moved ? window.L.latLng(moved) : at);
    }
  }

  if (!customElements.get("pick-place")) customElements.define("pick-place", PickPlace);
})();
