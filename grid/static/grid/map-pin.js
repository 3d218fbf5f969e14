/* A pin on a Leaflet map, for mouse, finger and keyboard: what the editor of shapes and the choice of a place have in common.

   MapPin.put(layer, [lat, lon], "css", "What it is") → marker;  MapPin.moved(event, [lat, lon], metres) → [lat, lon] | null */
(function () {
  "use strict";

  var METRE = 1 / 111195; // degrees of latitude
  var STEPS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  window.MapPin = {
    put: function (layer, at, css, label) {
      var icon = window.L.divIcon({ className: css, iconSize: null });
      var marker = window.L.marker(at, { icon: icon, draggable: true, keyboard: true, autoPan: true }).addTo(layer);
      marker.getElement().setAttribute("aria-label", label);
      return marker;
    },

    /** Where an arrow key takes it, ten times as far with Shift; null for other keys. The map itself is not pushed by it. */
    moved: function (event, at, metres) {
      var step = STEPS[event.key];
      if (!step) return null;
      event.preventDefault();
      event.stopPropagation();
      var far = (event.shiftKey ? 10 : 1) * metres * METRE;
      return [at[0] + step[0] * far, at[1] + step[1] * far / Math.cos(at[0] * Math.PI / 180)];
    }
  };
})();
