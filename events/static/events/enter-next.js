/* In a long form the Enter key of a phone goes to the next field; it never sends what is half written.

   <form> <enter-next></enter-next> … */
(function () {
  "use strict";

  class EnterNext extends HTMLElement {
    connectedCallback() {
      var form = this.closest("form");
      if (!form || this.ready) return;
      this.ready = true;
      form.addEventListener("keydown", function (event) {
        var field = event.target;
        if (event.key !== "Enter" || event.isComposing || field.tagName !== "INPUT") return;
        event.preventDefault();
        var fields = Array.from(form.elements).filter(function (one) {
          return one.matches("input:not([type=hidden]), textarea, select") && one.offsetParent !== null;
        });
        var next = fields[fields.indexOf(field) + 1];
        if (next) next.focus();
      });
    }
  }

  if (!customElements.get("enter-next")) customElements.define("enter-next", EnterNext);
})();
