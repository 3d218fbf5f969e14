/* Copies what stands in a field.

   <copy-text data-done="Copied"> <input readonly value="…"> <button type="button" hidden>…<span>Copy</span></button> </copy-text>

   Without this file the button stays hidden and the text can be selected. On plain http, where there is no clipboard, the
   browser's old way is tried; if that fails too, the text stands selected. */
(function () {
  "use strict";

  class CopyText extends HTMLElement {
    connectedCallback() {
      var field = this.querySelector("input");
      var button = this.querySelector("button");
      if (!field || !button || this.ready) return;
      this.ready = true;
      button.hidden = false;
      field.tabIndex = -1; // the style hides it now: the address stands above in letters
      field.addEventListener("focus", function () {
        field.select();
      });
      button.addEventListener("click", this.copy.bind(this, field, button));
    }

    copy(field, button) {
      var done = this.dataset.done;
      function say() {
        var word = button.querySelector("span");
        if (!word) return;
        word.setAttribute("role", "status");
        word.textContent = done;
      }
      function select() {
        field.focus();
        field.select();
        if (document.execCommand("copy")) say();
      }
      if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(say, select);
      else select();
    }
  }

  if (!customElements.get("copy-text")) customElements.define("copy-text", CopyText);
})();
