/* The place of a report from the phone, said in words.

   <report-place data-where="/report/where/" …sentences…>…<p data-locate hidden><button>…</p><p data-found-line hidden></report-place>

   Without this file, or without a position, the place is told by road and number or in words. */
(function () {
  "use strict";

  class ReportPlace extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.line = this.querySelector("[data-found-line]");
      var locate = this.querySelector("[data-locate]");
      if (navigator.geolocation) {
        locate.hidden = false;
        locate.querySelector("button").addEventListener("click", this.ask.bind(this));
      }
      var draft = this.closest("report-draft");
      if (draft) {
        draft.addEventListener("picture-place", this.seen.bind(this));
        draft.addEventListener("report-restored", this.known.bind(this));
      }
      this.known();
    }

    ask() {
      var element = this;
      this.say(this.dataset.asking);
      navigator.geolocation.getCurrentPosition(
        function (found) { element.take(found.coords.longitude, found.coords.latitude); },
        function () { element.say(element.dataset.denied); },
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 }
      );
    }

    /* The form that comes back holds a position already. */
    known() {
      if (this.closest("form").elements.longitude.value) this.say(this.dataset.somewhere);
    }

    /* A picture knows its place: said, so that one need not tell it. */
    seen() {
      if (!this.closest("form").elements.longitude.value) this.say(this.dataset.fromPicture);
    }

    take(longitude, latitude) {
      var element = this;
      var form = this.closest("form");
      form.elements.longitude.value = longitude.toFixed(6);
      form.elements.latitude.value = latitude.toFixed(6);
      form.dispatchEvent(new Event("change", { bubbles: true }));
      fetch(this.dataset.where + "?at=" + longitude.toFixed(6) + "," + latitude.toFixed(6), { headers: { Accept: "application/json" } })
        .then(function (answer) { return answer.json().then(function (told) { return { ok: answer.ok, told: told }; }); })
        .then(
          function (both) {
            if (both.ok) return element.say(both.told.words ? element.dataset.found.replace("{words}", both.told.words) : element.dataset.somewhere);
            form.elements.longitude.value = form.elements.latitude.value = "";
            element.say(both.told.detail || element.dataset.denied);
          },
          function () { element.say(element.dataset.somewhere); } // no connection: the position is kept all the same
        );
    }

    say(sentence) {
      this.line.hidden = false;
      this.line.textContent = sentence;
    }
  }

  if (!customElements.get("report-place")) customElements.define("report-place", ReportPlace);
})();
