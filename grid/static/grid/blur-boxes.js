/* Boxes drawn over a picture, where faces and number plates are to be covered.

   <blur-boxes data-word="Box {number}" data-remove="Remove this box" data-none="…" data-some="{count} …">
     <div class="blur-picture"><img …></div>
     <p role="status"></p>
     <fieldset> four inputs named left, top, width, height (per cent) </fieldset>
   </blur-boxes>

   One drags with finger, pen or mouse. With the keyboard “one more box” (data-add) puts one in the middle: arrows move it,
   with Shift they change its size, Delete takes it away. Each box sends its four numbers under the names that the fields
   have without script; those are put away. */
(function () {
  "use strict";

  var NAMES = ["left", "top", "width", "height"];
  var LEAST = 1; // per cent: less was a slip of the finger
  var STEP = 1;
  var START = { left: 40, top: 40, width: 20, height: 20 };

  function within(value, most) {
    return Math.min(Math.max(value, 0), most);
  }

  class BlurBoxes extends HTMLElement {
    connectedCallback() {
      if (this.boxes) return;
      this.boxes = [];
      this.stage = this.querySelector(".blur-picture");
      this.status = this.querySelector("[role=status]");
      this.querySelector("fieldset").remove();
      this.classList.add("is-ready");
      this.stage.addEventListener("pointerdown", this.onDown.bind(this));
      this.stage.addEventListener("pointermove", this.onMove.bind(this));
      this.stage.addEventListener("pointerup", this.onUp.bind(this));
      this.stage.addEventListener("pointercancel", this.onUp.bind(this));
      var add = document.createElement("button");
      add.type = "button";
      add.className = "btn small";
      add.textContent = this.dataset.add;
      add.addEventListener("click", function () {
        this.put(Object.assign({}, START)).focus();
      }.bind(this));
      this.status.after(add);
      this.tell();
    }

    /** Where the pointer is, in per cent of the picture. */
    at(event) {
      var box = this.stage.getBoundingClientRect();
      return {
        x: within(((event.clientX - box.left) / box.width) * 100, 100),
        y: within(((event.clientY - box.top) / box.height) * 100, 100),
      };
    }

    onDown(event) {
      if (event.button !== 0 || event.target.closest(".blur-box")) return;
      event.preventDefault();
      this.stage.setPointerCapture(event.pointerId);
      this.start = this.at(event);
      this.drawn = this.put({ left: this.start.x, top: this.start.y, width: 0, height: 0 });
    }

    onMove(event) {
      if (!this.drawn) return;
      var now = this.at(event);
      this.lay(this.drawn, {
        left: Math.min(now.x, this.start.x),
        top: Math.min(now.y, this.start.y),
        width: Math.abs(now.x - this.start.x),
        height: Math.abs(now.y - this.start.y),
      });
    }

    onUp() {
      var drawn = this.drawn;
      this.drawn = null;
      if (!drawn) return;
      if (drawn.place.width < LEAST || drawn.place.height < LEAST) this.take(drawn);
      else drawn.focus();
    }

    put(place) {
      var box = document.createElement("button");
      box.type = "button";
      box.className = "blur-box";
      box.fields = NAMES.map(function (name) {
        var input = document.createElement("input");
        input.type = "hidden";
        input.name = name;
        this.append(input);
        return input;
      }, this);
      box.addEventListener("keydown", this.onKey.bind(this, box));
      this.boxes.push(box);
      this.stage.append(box);
      this.lay(box, place);
      this.tell();
      return box;
    }

    lay(box, place) {
      box.place = place;
      NAMES.forEach(function (name, index) {
        box.style.setProperty("--" + name, place[name] + "%");
        box.fields[index].value = place[name].toFixed(2);
      });
    }

    take(box) {
      box.fields.forEach(function (field) {
        field.remove();
      });
      box.remove();
      this.boxes.splice(this.boxes.indexOf(box), 1);
      this.tell();
    }

    onKey(box, event) {
      var arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
      var place = Object.assign({}, box.place);
      if (event.key === "Delete" || event.key === "Backspace") {
        this.take(box);
      } else if (arrows[event.key]) {
        var x = arrows[event.key][0];
        var y = arrows[event.key][1];
        if (event.shiftKey) {
          place.width = Math.max(LEAST, within(place.width + x, 100 - place.left));
          place.height = Math.max(LEAST, within(place.height + y, 100 - place.top));
        } else {
          place.left = within(place.left + x, 100 - place.width);
          place.top = within(place.top + y, 100 - place.height);
        }
        this.lay(box, place);
      } else return;
      event.preventDefault();
    }

    tell() {
      var count = this.boxes.length;
      this.boxes.forEach(function (box, index) {
        box.setAttribute("aria-label", this.dataset.word.replace("{number}", String(index + 1)));
      }, this);
      this.status.textContent = count ? this.dataset.some.replace("{count}", String(count)) : this.dataset.none;
    }
  }

  if (!customElements.get("blur-boxes")) customElements.define("blur-boxes", BlurBoxes);
})();
