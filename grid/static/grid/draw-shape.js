/* A shape is drawn on a map: corners are added, moved and removed by mouse, finger and keyboard.

   <draw-shape data-kind="area" data-around="/operator/grid/around.json?…" data-at="120.18,31.71" data-corner="Corner {n} of {count}" …>
     <div data-map hidden> <div class="draw-ground"></div> <p role="status"></p> <button data-do="remove"> undo, fit </div>
     <textarea class="corners">120.182860, 31.717710 …</textarea>

   The text is the shape: a corner on a line, an empty line between two rings. What is drawn is written there, and what is
   written there is drawn; without this file the text is all there is. The ground has no tiles, only the net around.
   It needs map-pin.js. */
(function () {
  "use strict";

  var MOST_HANDLES = 400;
  var LEAST = { area: 3, road: 2, point: 1 };
  var METRE = 1; // with Shift ten
  var CORNER = /^\s*(-?\d+(?:\.\d+)?)\s*[,，;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

  function readRuns(text) {
    var runs = [[]];
    text.split(/\r?\n/).forEach(function (line) {
      if (!line.trim()) runs.push([]);
      else {
        var found = CORNER.exec(line);
        if (!found) throw new Error(line);
        runs[runs.length - 1].push([Number(found[2]), Number(found[1])]);
      }
    });
    return runs.filter(function (run) { return run.length; });
  }

  function writeRuns(runs) {
    return runs.map(function (run) {
      return run.map(function (corner) { return corner[1].toFixed(6) + ", " + corner[0].toFixed(6); }).join("\n");
    }).join("\n\n");
  }

  function between(one, other) {
    return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
  }

  class DrawShape extends HTMLElement {
    connectedCallback() {
      if (this.map) return;
      if (!window.L) { // its script may come after this one
        this.waited = (this.waited || 0) + 1;
        if (this.waited < 100) setTimeout(this.connectedCallback.bind(this), 50);
        return;
      }
      if (!this.isConnected) return;
      this.field = this.querySelector(".corners");
      this.said = this.querySelector(".draw-said");
      this.kind = this.dataset.kind;
      this.before = [];
      this.querySelector("[data-map]").hidden = false;
      var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.map = window.L.map(this.querySelector(".draw-ground"), {
        attributionControl: false, zoomControl: false, scrollWheelZoom: false, doubleClickZoom: false, maxZoom: 20, zoomSnap: 0.5,
        zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still
      });
      window.L.control.zoom({ zoomInTitle: this.dataset.nearer, zoomOutTitle: this.dataset.farther }).addTo(this.map);
      this.map.getPane("overlayPane").setAttribute("aria-hidden", "true"); // the handles and the text say what it shows
      this.map.setView([31.71771, 120.18286], 14);
      this.shape = window.L.layerGroup().addTo(this.map);
      this.handles = window.L.layerGroup().addTo(this.map);
      this.map.on("click", this.press, this);
      this.field.addEventListener("input", this.follow.bind(this));
      this.addEventListener("click", this.command.bind(this));
      this.follow();
      this.fit();
      this.showAround();
    }

    disconnectedCallback() {
      if (this.map) this.map.remove();
      this.map = null;
    }

    async showAround() {
      var answer = await fetch(this.dataset.around).catch(function () { return null; });
      if (!answer || !answer.ok || !this.map) return;
      var told = await answer.json();
      this.around = window.L.geoJSON(told, {
        style: function (feature) { return { className: "draw-around " + feature.properties.role }; },
        onEachFeature: function (feature, layer) {
          layer.bindTooltip(document.createTextNode(feature.properties.name), { sticky: true, className: "draw-name" });
        }
      }).addTo(this.map);
      this.around.bringToBack();
      this.around.eachLayer(function (layer) { if (layer.feature.properties.role === "whole") layer.bringToBack(); });
      this.fit();
    }

    // ------------------------------------------------------------------------------ the text and the drawing

    follow() {
      try {
        this.runs = readRuns(this.field.value);
        this.say("");
      } catch (error) {
        this.runs = [];
        this.say(this.dataset.unreadable);
      }
      this.chosen = null;
      this.draw();
    }

    write(said) {
      this.before.push(this.field.value);
      this.field.value = writeRuns(this.runs);
      this.draw();
      this.say(said || "");
    }

    say(words) {
      this.said.textContent = words;
    }

    draw() {
      var L = window.L;
      this.handles.clearLayers();
      this.outline();
      var count = this.runs.reduce(function (sum, run) { return sum + run.length; }, 0);
      var number = 0;
      if (count > MOST_HANDLES) this.say(this.dataset.many);
      else {
        this.runs.forEach(function (run, r) {
          run.forEach(function (corner, c) {
            number += 1;
            this.corner(r, c, this.dataset.corner.replace("{n}", number).replace("{count}", count));
            var next = run[c + 1] || (this.kind === "area" && run.length > 2 ? run[0] : null);
            if (next) this.middle(r, c, between(corner, next), this.dataset.between.replace("{n}", number));
          }, this);
        }, this);
      }
      this.querySelector('[data-do="undo"]').disabled = !this.before.length;
      this.querySelector('[data-do="remove"]').disabled = !this.chosen;
      if (this.dataset.at && !this.spot) {
        var at = this.dataset.at.split(",").map(Number);
        this.spot = L.circleMarker([at[1], at[0]], { radius: 16, className: "draw-spot", interactive: false }).addTo(this.map);
      }
    }

    outline() {
      this.shape.clearLayers();
      var options = { className: "draw-shape " + this.kind, interactive: false };
      if (this.kind === "area" && this.runs.length) window.L.polygon(this.runs, options).addTo(this.shape);
      if (this.kind === "road") this.runs.forEach(function (run) { window.L.polyline(run, options).addTo(this.shape); }, this);
    }

    fit() {
      if (this.spot) return this.map.setView(this.spot.getLatLng(), 17);
      var corners = this.runs.flat();
      if (corners.length > 1) this.map.fitBounds(corners, { padding: [30, 30] });
      else if (corners.length) this.map.setView(corners[0], 17);
      else if (this.around) this.map.fitBounds(this.around.getBounds());
      return null;
    }

    // ------------------------------------------------------------------------------------------- the handles

    handle(at, css, label) {
      return window.MapPin.put(this.handles, at, "draw-handle " + css, label);
    }

    corner(r, c, label) {
      var self = this;
      var isChosen = Boolean(this.chosen) && this.chosen[0] === r && this.chosen[1] === c;
      var marker = this.handle(this.runs[r][c], isChosen ? "corner chosen" : "corner", label);
      marker.getElement().setAttribute("aria-pressed", String(isChosen));
      marker.on("drag", function (event) {
        self.runs[r][c] = [event.latlng.lat, event.latlng.lng];
        self.outline();
      });
      marker.on("dragend", function () { self.choose(r, c); self.write(self.dataset.moved); });
      marker.on("click", function () { self.choose(r, c); self.draw(); self.focusChosen(); });
      marker.getElement().addEventListener("keydown", function (event) { self.key(event, r, c); });
      if (isChosen) this.chosenMarker = marker;
    }

    middle(r, c, at, label) {
      var self = this;
      var marker = this.handle(at, "middle", label);
      function add(where) {
        self.runs[r].splice(c + 1, 0, [where.lat, where.lng]);
        self.choose(r, c + 1);
        self.write();
        self.focusChosen();
      }
      marker.on("click", function () { add(marker.getLatLng()); });
      marker.on("dragend", function () { add(marker.getLatLng()); });
      marker.getElement().addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        add(marker.getLatLng());
      });
    }

    choose(r, c) {
      this.chosen = [r, c];
    }

    focusChosen() {
      if (this.chosen && this.chosenMarker && this.chosenMarker.getElement()) this.chosenMarker.getElement().focus();
    }

    key(event, r, c) {
      var moved = window.MapPin.moved(event, this.runs[r][c], METRE);
      if (moved) {
        this.runs[r][c] = moved;
        this.choose(r, c);
        this.write(this.dataset.moved);
        this.focusChosen();
      } else if (event.key === "Delete" || event.key === "Backspace") {
        this.choose(r, c);
        this.remove();
      } else if (event.key === "Enter" || event.key === " ") {
        this.choose(r, c);
        this.draw();
        this.focusChosen();
      } else return;
      event.preventDefault();
      event.stopPropagation(); // the arrow keys push the map
    }

    // A press on the ground: the next corner while there are too few, or one after the chosen corner.
    press(event) {
      var at = [event.latlng.lat, event.latlng.lng];
      var last = this.runs.length - 1;
      if (this.kind === "point") this.runs = [[at]];
      else if (this.chosen) {
        this.runs[this.chosen[0]].splice(this.chosen[1] + 1, 0, at);
        this.choose(this.chosen[0], this.chosen[1] + 1);
      } else if (last < 0) this.runs = [[at]];
      else if (this.runs[last].length < LEAST[this.kind]) this.runs[last].push(at);
      else return;
      this.write();
    }

    remove() {
      if (!this.chosen) return;
      var run = this.runs[this.chosen[0]];
      run.splice(this.chosen[1], 1);
      this.chosen = run.length ? [this.chosen[0], Math.max(0, this.chosen[1] - 1)] : null;
      this.runs = this.runs.filter(function (each) { return each.length; });
      this.write(this.dataset.removed);
      this.focusChosen();
    }

    command(event) {
      var button = event.target.closest("[data-do]");
      if (!button) return;
      if (button.dataset.do === "remove") this.remove();
      if (button.dataset.do === "fit") { if (this.spot) { this.spot.remove(); this.spot = null; this.dataset.at = ""; } this.fit(); }
      if (button.dataset.do === "undo" && this.before.length) {
        this.field.value = this.before.pop();
        this.follow();
      }
    }
  }

  customElements.define("draw-shape", DrawShape);
})();
