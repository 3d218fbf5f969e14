/* Positions of WGS-84 on a map whose tiles are drawn in GCJ-02, and back: the same formula as grid/net/coordinates.py.

   gcj02.to([longitude, latitude]) and gcj02.from(…) → [longitude, latitude]. Pages with such tiles load it, and no others. */
(function () {
  "use strict";

  var HALF_AXIS = 6378245;
  var ECCENTRICITY = 0.00669342162296594323;
  var TURNS = 10; // each brings the guess a thousand times closer

  function isInChina(at) {
    return at[0] >= 72.004 && at[0] <= 137.8347 && at[1] >= 0.8293 && at[1] <= 55.8271;
  }

  function wave(length, at) {
    return Math.sin(at * Math.PI / length);
  }

  function shift(at) {
    var x = at[0] - 105;
    var y = at[1] - 35;
    var swing = 20 * wave(1 / 6, x) + 20 * wave(1 / 2, x);
    var root = Math.sqrt(Math.abs(x));
    var up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    up += (swing + 20 * wave(1, y) + 40 * wave(3, y) + 160 * wave(12, y) + 320 * wave(30, y)) * 2 / 3;
    var aside = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    aside += (swing + 20 * wave(1, x) + 40 * wave(3, x) + 150 * wave(12, x) + 300 * wave(30, x)) * 2 / 3;
    var radians = at[1] * Math.PI / 180;
    var bulge = 1 - ECCENTRICITY * Math.pow(Math.sin(radians), 2);
    var metresUp = HALF_AXIS * (1 - ECCENTRICITY) / Math.pow(bulge, 1.5);
    var metresAside = HALF_AXIS / Math.sqrt(bulge) * Math.cos(radians);
    return [aside / metresAside * 180 / Math.PI, up / metresUp * 180 / Math.PI];
  }

  function to(at) {
    if (!isInChina(at)) return at;
    var moved = shift(at);
    return [at[0] + moved[0], at[1] + moved[1]];
  }

  function from(at) {
    if (!isInChina(at)) return at;
    var guess = at;
    for (var turn = 0; turn < TURNS; turn++) {
      var moved = shift(guess);
      guess = [at[0] - moved[0], at[1] - moved[1]];
    }
    return guess;
  }

  window.gcj02 = { to: to, from: from };
})();
