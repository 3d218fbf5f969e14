/* The place of a report, from the phone or chosen on the map, said in words.

   <report-place data-where="/report/where/" …sentences…>
     <p data-locate hidden><button>…</p> <details><pick-place>…</pick-place></details>
     <p data-said role="status"></p> <button data-clear hidden>…</button> …fields… </report-place>

   The form's own longitude and latitude hold it, in WGS-84. Without this file, or without a position, the place is told by
   road and number or in words. */
(function () {
  "use strict";

  var SETTLED = 400; // milliseconds after which a pin that is moved step by step is where it should be

  class ReportPlace extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.form = this.closest("form");
      this.line = this.querySelector("[data-said]");
      this.away = this.querySelector("[data-clear]");
      this.pick = this.querySelector("pick-place");
      this.draft = this.closest("report-draft");
      this.begin(this.querySelector("[data-locate]"));
      this.away.addEventListener("click", this.clear.bind(this));
      this.addEventListener("place-picked", function (event) { this.take(event.detail, SETTLED); }.bind(this));
      this.draft.addEventListener("picture-place", this.known.bind(this));
      this.draft.addEventListener("report-restored", this.known.bind(this));
      this.known();
    }

    begin(locate) {
      if (!navigator.geolocation) return;
      locate.hidden = false;
      locate.querySelector("button").addEventListener("click", this.ask.bind(this));
    }

    ask() {
      var element = this;
      this.say(this.dataset.asking);
      navigator.geolocation.getCurrentPosition(
        function (found) {
          var at = [found.coords.longitude, found.coords.latitude];
          element.show(at, true);
          element.take(at, 0);
        },
        function () { element.say(element.dataset.denied); },
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
      );
    }

    /* What the form holds that comes back, or else what a picture says, so that one need not tell it. */
    known() {
      var fields = this.form.elements;
      if (fields.longitude.value && fields.latitude.value) {
        var at = [Number(fields.longitude.value), Number(fields.latitude.value)];
        this.show(at, true);
        this.look(at, 0);
        return;
      }
      var seen = this.draft.seenAt();
      this.say(seen ? this.dataset.fromPicture : "");
      if (seen) this.show(seen, false);
    }

    take(at, patience) {
      this.write(at[0].toFixed(6), at[1].toFixed(6));
      this.look(at, patience);
    }

    clear() {
      this.write("", "");
      this.show(null, false);
      this.known();
      if (!this.line.textContent) this.say(this.dataset.cleared);
      (this.querySelector("summary") || this.querySelector("[data-locate] button")).focus();
    }

    write(longitude, latitude) {
      clearTimeout(this.looking);
      this.asked = null; // what is still being asked is about another place
      this.form.elements.longitude.value = longitude;
      this.form.elements.latitude.value = latitude;
      this.away.hidden = !longitude;
      this.form.dispatchEvent(new Event("change", { bubbles: true }));
    }

    show(at, isChosen) {
      if (this.pick && this.pick.show) this.pick.show(at, isChosen);
    }

    look(at, patience) {
      this.away.hidden = false;
      clearTimeout(this.looking);
      this.looking = setTimeout(this.find.bind(this, at), patience);
    }

    find(at) {
      var element = this;
      var asked = this.asked = {};
      var numbers = at[1].toFixed(5) + ", " + at[0].toFixed(5);
      fetch(this.dataset.where + "?at=" + at[0].toFixed(6) + "," + at[1].toFixed(6), { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.json().then(function (told) { return { status: answer.status, told: told }; }); })
        .catch(function () { return { status: 0, told: {} }; }) // no connection: the position is kept all the same
        .then(function (answer) {
          if (element.asked !== asked) return;
          if (answer.status !== 422) return element.say(element.dataset.found.replace("{words}", answer.told.words || numbers));
          element.write("", "");
          element.show(null, false);
          element.say(answer.told.detail, "want");
        });
    }

    say(sentence, tone) {
      this.line.className = tone ? "msg " + tone : "strong";
      this.line.textContent = sentence;
    }
  }

  if (!customElements.get("report-place")) customElements.define("report-place", ReportPlace);
})();
