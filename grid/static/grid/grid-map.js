/* The map of a page: Leaflet on the drawing of the net, without tiles unless the operator has some.

   <grid-map data-leaflet="/static/vendor/leaflet.js" data-net="/grid/net.geojson" data-frame="west south east north"
             data-here="cell-1 road-R001" data-list="parts" data-language="zh" data-number="{n}: {what}, …" data-tiles="https://…/{z}/{x}/{y}.png" data-credit="…">
     <figure class="map"> <div class="map-ground"> <svg class="sketch">…</svg> </div>
       <div class="map-tools" hidden> <button data-map="in">…</button> … </div> </figure> </grid-map>

   Leaflet and the net are fetched when the map comes into sight: who came for the list does not pay for them. The server's
   drawing stays until the browser has its own, and for good where that fails. What is tapped opens its line in
   the list: the element whose id is the key of the shape; where the page has none, the page of the thing. The lines of the
   list with data-lon and data-lat stand on the map with their numbers. The list is the page; the map is the extra.

   With data-pick a place is chosen on it (pick-place.js): nothing on it opens, and every press is the ground's. When it is
   drawn it says so by the event `map-drawn`; where it cannot be fetched, by `map-failed`. */
(function () {
  "use strict";

  var FAR_OUT = 0.15; // of the net's own box, that the map may be pushed beyond it
  var FINGER = 22; // pixels: how wide a road is for a finger
  var STREET = 18; // zoom: nearer there is nothing to see
  var DAYLIGHT = 4; // pixels between two names
  var CLOSE = 16; // zoom from which single places have names

  var NEAR = "200px"; // before it comes into sight
  var loading = null;

  async function fetched(address) {
    var answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** Leaflet, once for all maps of a page. */
  function leaflet(address) {
    loading = loading || new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  class GridMap extends HTMLElement {
    connectedCallback() {
      if (this.sight) return;
      this.ground = this.querySelector(".map-ground");
      this.sight = new IntersectionObserver(function (seen) {
        if (seen.some(function (entry) { return entry.isIntersecting; })) this.begin();
      }.bind(this), { rootMargin: NEAR });
      this.sight.observe(this);
    }

    async begin() {
      this.sight.disconnect();
      try {
        var both = await Promise.all([fetched(this.dataset.net), leaflet(this.dataset.leaflet)]);
        this.net = both[0];
      } catch (error) {
        this.dispatchEvent(new CustomEvent("map-failed", { bubbles: true }));
        return; // the drawing stays
      }
      if (this.isConnected) this.draw();
    }

    disconnectedCallback() {
      if (this.sight) this.sight.disconnect();
      if (this.map) this.map.remove();
      this.map = null;
    }

    draw() {
      var L = window.L;
      var live = document.createElement("div");
      live.className = "map-live";
      this.ground.append(live);
      this.map = L.map(live, this.options());
      if (this.dataset.tiles) L.tileLayer(this.dataset.tiles, { maxZoom: STREET, attribution: "" }).addTo(this.map);
      this.here = (this.dataset.here || "").split(" ").filter(Boolean);
      this.names = [];
      var frame = this.dataset.frame.split(" ").map(Number);
      this.frame = L.latLngBounds([frame[1], frame[0]], [frame[3], frame[2]]);
      this.map.fitBounds(this.frame, { animate: false });
      this.opened = this.map.getZoom();
      this.drawNet();
      this.map.setMaxBounds(this.everything.getBounds().extend(this.frame).pad(FAR_OUT));
      this.map.setMinZoom(Math.min(this.opened, this.map.getBoundsZoom(this.everything.getBounds())));
      this.drawNumbers();
      this.useTools();
      this.classList.add("is-live");
      this.describe(live);
      this.map.on("zoomend moveend resize", this.settle, this);
      this.settle();
      this.dispatchEvent(new CustomEvent("map-drawn", { bubbles: true }));
    }

    options() {
      var moves = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      return {
        attributionControl: false,
        zoomControl: false,
        zoomSnap: 0.25,
        maxZoom: STREET,
        maxBoundsViscosity: 1,
        scrollWheelZoom: false,
        doubleClickZoom: !this.isToPick(),
        zoomAnimation: moves,
        fadeAnimation: moves,
        markerZoomAnimation: moves,
        inertia: moves
      };
    }

    drawNet() {
      var L = window.L;
      var self = this;
      this.net.features.sort(function (one, other) { return self.depth(one) - self.depth(other); });
      this.everything = L.geoJSON(this.net, {
        style: function (feature) { return { className: self.css(feature), interactive: self.isTapped(feature) }; },
        pointToLayer: function (feature, position) {
          return L.circleMarker(position, { radius: 4, className: self.css(feature), interactive: false });
        },
        onEachFeature: function (feature, shape) {
          if (self.isTapped(feature)) shape.on("click", self.open.bind(self, feature));
          self.name(feature, shape);
        }
      }).addTo(this.map);
      if (this.isToPick()) return;
      // A line is too thin for a finger.
      var roads = this.net.features.filter(function (feature) { return feature.properties.kind === "road"; });
      L.geoJSON(roads, {
        style: { className: "finger", weight: FINGER },
        onEachFeature: function (feature, shape) { shape.on("click", self.open.bind(self, feature)); }
      }).addTo(this.map);
    }

    css(feature) {
      var told = feature.properties;
      return [told.kind, told.sort, this.here.indexOf(feature.id) !== -1 ? "here" : ""].filter(Boolean).join(" ");
    }

    isToPick() {
      return "pick" in this.dataset;
    }

    isTapped(feature) {
      if (this.isToPick()) return false;
      return feature.properties.kind === "cell" || feature.properties.kind === "road";
    }

    /** From the ground upwards; what the page is about lies over its like. */
    depth(feature) {
      var kinds = ["town", "zone", "grid", "cell", "road", "point"];
      return kinds.indexOf(feature.properties.kind) + (this.here.indexOf(feature.id) !== -1 ? 0.5 : 0);
    }

    name(feature, shape) {
      var told = feature.properties;
      if (told.kind === "town") return;
      var words = document.createElement("span");
      var english = this.dataset.language === "en" && told.name_en;
      words.textContent = english || told.name;
      words.lang = english ? "en" : "zh-Hans";
      var tip = window.L.tooltip({ permanent: true, direction: "center", opacity: 1, className: "map-name " + this.css(feature) });
      tip.setContent(words).setLatLng([told.at[1], told.at[0]]);
      this.names.push({ tip: tip, rank: this.rank(feature), kind: told.kind, shape: shape });
      tip.addTo(this.map);
      tip.getElement().setAttribute("aria-hidden", "true"); // the list says all of them, in order
    }

    rank(feature) {
      var told = feature.properties;
      if (this.here.indexOf(feature.id) !== -1) return 0;
      if (told.kind === "road") return { main: 2, secondary: 4 }[told.sort] || 6;
      return { zone: 1, grid: 3, cell: 5 }[told.kind] || 7;
    }

    drawNumbers() {
      var list = document.getElementById(this.dataset.list);
      if (!list) return;
      Array.from(list.querySelectorAll("[data-lon][data-lat]")).forEach(function (line, index) {
        var number = String(index + 1);
        var named = line.querySelector("[data-name]") || line.querySelector("a") || line;
        var said = this.dataset.number.replace("{n}", number).replace("{what}", named.textContent.trim());
        var position = [Number(line.dataset.mapLat || line.dataset.lat), Number(line.dataset.mapLon || line.dataset.lon)];
        var face = document.createElement("span");
        face.textContent = number;
        var icon = window.L.divIcon({ className: "map-number", html: face, iconSize: null });
        var mark = window.L.marker(position, { icon: icon, keyboard: true }).addTo(this.map);
        mark.getElement().setAttribute("aria-label", said);
        mark.on("click keypress", function (event) {
          if (event.type === "keypress" && event.originalEvent.key !== "Enter" && event.originalEvent.key !== " ") return;
          show(line);
        });
        mark.setZIndexOffset(-index);
      }, this);
    }

    useTools() {
      var map = this.map;
      var self = this;
      var deeds = {
        in: function () { map.zoomIn(1); },
        out: function () { map.zoomOut(1); },
        whole: function () { map.fitBounds(self.everything.getBounds()); }
      };
      this.querySelectorAll("[data-map]").forEach(function (button) {
        button.addEventListener("click", deeds[button.dataset.map]);
      });
      this.querySelector(".map-tools").hidden = false;
    }

    describe(live) {
      var figure = this.querySelector("figure");
      live.setAttribute("role", "region");
      live.setAttribute("aria-label", figure.getAttribute("aria-label"));
      live.setAttribute("aria-describedby", figure.getAttribute("aria-describedby"));
      live.querySelector(".leaflet-overlay-pane svg").setAttribute("aria-hidden", "true"); // the list says what it shows
      // The wheel moves the page, and the map only for who has chosen it.
      live.addEventListener("focusin", function () { this.map && this.map.scrollWheelZoom.enable(); }.bind(this));
      live.addEventListener("focusout", function () { this.map && this.map.scrollWheelZoom.disable(); }.bind(this));
    }

    settle() {
      // A finger moves the page, until there is more of the map than is in sight.
      var fingers = window.matchMedia("(pointer: coarse)").matches;
      this.map.dragging[fingers && this.map.getZoom() <= this.opened ? "disable" : "enable"]();
      this.makeRoom();
    }

    /** Names that have no room on their own shape, or lie over a more important one, step back. */
    makeRoom() {
      var taken = Array.from(this.querySelectorAll(".map-live .map-number")).map(function (mark) {
        return mark.getBoundingClientRect();
      });
      this.names.sort(function (one, other) { return one.rank - other.rank; }).forEach(function (name) {
        var element = name.tip.getElement();
        var box = element.getBoundingClientRect();
        var isFree = this.isRoomy(name, box) && taken.every(function (other) {
          return box.right + DAYLIGHT < other.left || box.left - DAYLIGHT > other.right ||
            box.bottom < other.top || box.top > other.bottom;
        });
        if (isFree) taken.push(box);
        element.classList.toggle("is-back", !isFree);
      }, this);
    }

    isRoomy(name, box) {
      if (name.rank === 0 || name.kind === "zone") return true;
      if (name.kind === "point") return this.map.getZoom() >= CLOSE;
      var around = name.shape.getBounds();
      var one = this.map.latLngToLayerPoint(around.getNorthWest());
      var other = this.map.latLngToLayerPoint(around.getSouthEast());
      var wide = other.x - one.x;
      if (name.kind === "road") return Math.max(wide, other.y - one.y) > box.width;
      return wide > box.width * (name.kind === "cell" ? 1.8 : 1);
    }

    open(feature) {
      var line = document.getElementById(feature.id);
      if (line && line.closest("#" + CSS.escape(this.dataset.list))) show(line);
      else if (this.here.indexOf(feature.id) === -1) location.assign(feature.properties.url);
    }
  }

  /** The line of the list, in sight and with the focus. */
  function show(line) {
    for (var around = line.parentElement; around; around = around.parentElement) {
      if (around.localName === "details") around.open = true;
    }
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var start = line.querySelector("a[href]") || line;
    if (start === line) line.tabIndex = -1;
    start.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  if (!customElements.get("grid-map")) customElements.define("grid-map", GridMap);
})();
