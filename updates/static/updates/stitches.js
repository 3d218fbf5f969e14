/* Places as stitches, drawn anew: the same figures as portal/templatetags/ui/places.py.

   stitches.redraw(scope, taken, capacity)   every <svg class="stitches"> in the scope, and the line [data-each] below it,
                                             which says how many people one stitch stands for. */
(function () {
  "use strict";

  var ROW = 20, MOST = 60, PITCH = 16, HEIGHT = 10;

  // As the server rounds: a half goes to the even neighbour.
  function rounded(number) {
    var whole = Math.floor(number);
    var rest = number - whole;
    return rest > 0.5 || (rest === 0.5 && whole % 2) ? whole + 1 : whole;
  }

  function shares(sewn, open, total) {
    var parts = [sewn, open].map(function (count) { return count ? Math.max(1, rounded(ROW * count / total)) : 0; });
    for (var excess = parts[0] + parts[1] - ROW; excess; excess = parts[0] + parts[1] - ROW) {
      parts[parts[0] >= parts[1] ? 0 : 1] -= excess > 0 ? 1 : -1;
    }
    return parts;
  }

  function decimals(number) {
    return String(Math.round(number * 10) / 10);
  }

  function path(kind, from, count) {
    var drawn = "";
    for (var place = from; place < from + count; place++) {
      var x = (place % ROW) * PITCH + 3;
      var y = Math.floor(place / ROW) * HEIGHT + HEIGHT / 2;
      drawn += kind === "sewn" ? "M" + x + " " + y + "h9" : "M" + (x + 2) + " " + y + "h.01M" + decimals(x + 7.6) + " " + y + "h.01";
    }
    var element = document.createElementNS("http://www.w3.org/2000/svg", "path");
    element.setAttribute("class", kind);
    element.setAttribute("d", drawn);
    return element;
  }

  function redraw(scope, taken, capacity) {
    var counts = [Math.max(0, taken), Math.max(0, capacity - Math.max(0, taken))];
    var total = counts[0] + counts[1];
    var each = total > MOST ? rounded(total / ROW) : 0;
    if (each) counts = shares(counts[0], counts[1], total);
    var shown = counts[0] + counts[1];
    var rows = Math.max(1, Math.ceil(shown / ROW));
    scope.querySelectorAll("svg.stitches:not(.pin)").forEach(function (svg) {
      svg.setAttribute("class", svg.getAttribute("class").replace(/rows-\d+/, "rows-" + rows));
      svg.setAttribute("viewBox", "0 0 " + Math.min(Math.max(shown, 1), ROW) * PITCH + " " + rows * HEIGHT);
      svg.replaceChildren();
      if (counts[0]) svg.append(path("sewn", 0, counts[0]));
      if (counts[1]) svg.append(path("open", counts[0], counts[1]));
    });
    scope.querySelectorAll("[data-each]").forEach(function (line) {
      line.hidden = !each;
      line.textContent = line.dataset.each.replace("{each}", String(each));
    });
  }

  window.stitches = { redraw: redraw };
})();
