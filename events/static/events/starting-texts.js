/* A choice brings its texts along.

   <form> <starting-texts> <button name="do" value="texts"> </starting-texts> <input type="hidden" name="filled_kind">
     <input type="radio" name="kind" value="snow" data-fills='{"risks": "…", "adults_only": "on"}'> <textarea name="risks">

   When another one is chosen, a field takes its text if it is empty or still holds the text of the choice before; what
   somebody wrote stays. filled_<name> remembers which choice that was. Without this file the button asks the server. */
(function () {
  "use strict";

  function fillsOf(form, name, value) {
    var chosen = Array.from(form.querySelectorAll('input[name="' + name + '"]')).find(function (input) {
      return input.value === value;
    });
    return chosen && chosen.dataset.fills ? JSON.parse(chosen.dataset.fills) : {};
  }

  function valueOf(field) {
    return field.type === "checkbox" ? (field.checked ? "on" : "") : field.value.trim();
  }

  function put(field, text) {
    if (field.type === "checkbox") field.checked = Boolean(text);
    else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  class StartingTexts extends HTMLElement {
    connectedCallback() {
      var form = this.closest("form");
      if (!form || this.ready) return;
      this.ready = true;
      form.addEventListener("change", function (event) {
        var radio = event.target;
        if (!radio.dataset || !radio.dataset.fills) return;
        var memory = form.elements["filled_" + radio.name];
        var before = fillsOf(form, radio.name, memory.value);
        var now = JSON.parse(radio.dataset.fills);
        Object.keys(now).forEach(function (name) {
          var field = form.elements[name];
          var value = valueOf(field);
          if (value === "" || value === (before[name] || "").trim()) put(field, now[name]);
        });
        memory.value = radio.value;
      });
    }
  }

  if (!customElements.get("starting-texts")) customElements.define("starting-texts", StartingTexts);
})();
