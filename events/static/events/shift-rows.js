/* Shifts are added, removed and set to tonight on the spot.

   <shift-rows data-most="12">
     <div data-rows> <fieldset data-row="0"> … <button name="do" value="tonight-0" data-date data-starts data-ends> …
     <button name="do" value="add"> <template> the same row with __n__ for its number </template>

   Without this file the buttons send the form, and it comes back changed. A row without data-rows around it (the page of
   one shift) has only the quick hours and the note that it ends on the next day. */
(function () {
  "use strict";

  class ShiftRows extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.addEventListener("click", this.press.bind(this));
      this.addEventListener("input", this.tell.bind(this));
      var form = this.closest("form");
      if (form) form.addEventListener("rows-wanted", this.want.bind(this));
    }

    get rows() {
      return this.querySelector("[data-rows]");
    }

    press(event) {
      var button = event.target.closest('button[name="do"]');
      if (!button) return;
      var what = button.value.split("-")[0];
      var row = button.closest("[data-row]");
      if (what === "add") this.add();
      else if (what === "remove") this.remove(row);
      else if (what === "restore") this.mark(row, false);
      else if (button.dataset.date) this.set(row, button.dataset);
      else return;
      event.preventDefault();
      this.count();
      this.dispatchEvent(new Event("change", { bubbles: true }));
    }

    field(row, name) {
      return row.querySelector('[name="' + name + '"], [name$="-' + name + '"]');
    }

    all() {
      return Array.from(this.querySelectorAll("fieldset[data-row]"));
    }

    add(number) {
      var rows = this.all();
      if (number === undefined && rows.length >= Number(this.dataset.most)) return null;
      var numbers = rows.map(function (row) { return Number(row.dataset.row); });
      var next = number === undefined ? Math.max.apply(null, numbers.concat(-1)) + 1 : number;
      var shape = document.createElement("template");
      shape.innerHTML = this.querySelector("template").innerHTML.replaceAll("__n__", String(next));
      var row = shape.content.firstElementChild;
      this.rows.append(row);
      var last = rows[rows.length - 1];
      if (last && number === undefined) this.follow(row, last);
      this.count();
      if (number === undefined) this.field(row, "starts").focus();
      return row;
    }

    // One more shift begins where the last one ends, on the same day and of the same size.
    follow(row, last) {
      var self = this;
      [["date", "date"], ["starts", "ends"], ["capacity", "capacity"], ["least", "least"]].forEach(function (pair) {
        self.field(row, pair[0]).value = self.field(last, pair[1]).value;
      });
    }

    remove(row) {
      if (this.field(row, "id").value) return this.mark(row, true);
      var rows = this.all();
      var neighbour = rows[rows.indexOf(row) - 1] || rows[rows.indexOf(row) + 1];
      row.remove();
      if (!neighbour) neighbour = this.add(0);
      this.field(neighbour, "date").focus();
    }

    mark(row, removed) {
      this.field(row, "removed").value = removed ? "1" : "";
      row.classList.toggle("is-removed", removed);
      row.querySelector(removed ? ".shift-gone button" : ".shift-remove").focus();
    }

    set(row, hours) {
      var self = this;
      ["date", "starts", "ends"].forEach(function (name) {
        self.field(row, name).value = hours[name];
      });
      this.note(row);
    }

    tell(event) {
      var row = event.target.closest("[data-row]");
      if (row) this.note(row);
    }

    note(row) {
      var note = row.querySelector("[data-next-day]");
      var starts = this.field(row, "starts").value;
      var ends = this.field(row, "ends").value;
      note.hidden = !(starts && ends && ends <= starts);
      note.textContent = note.hidden ? "" : note.dataset.nextDay.replace("{time}", ends);
    }

    count() {
      this.all().forEach(function (row, place) {
        row.querySelectorAll("[data-number]").forEach(function (number) { number.textContent = String(place + 1); });
      });
      var more = this.querySelector('button[value="add"]');
      if (more) more.hidden = this.all().length >= Number(this.dataset.most);
    }

    // What this phone kept may have other rows than the page, and others of them marked to go.
    want(event) {
      var self = this;
      var wanted = new Set(event.detail.map(function (name) { return (/^shifts-(\d+)-/.exec(name) || [])[1]; }).filter(Boolean));
      this.all().forEach(function (row) {
        if (!wanted.delete(row.dataset.row)) row.remove();
      });
      wanted.forEach(function (number) { self.add(Number(number)); });
      setTimeout(function () {
        self.all().forEach(function (row) {
          row.classList.toggle("is-removed", self.field(row, "removed").value === "1");
          self.note(row);
        });
      }, 0);
    }
  }

  if (!customElements.get("shift-rows")) customElements.define("shift-rows", ShiftRows);
})();
