/* A template's words go into the field as soon as it is chosen, unless something of one's own stands there.

   <reply-words data-for="id_word"><select><option data-words="…">…</select><button name="do" value="fill">…</button></reply-words>

   Without this file the button asks the server. */
(function () {
  "use strict";

  class ReplyWords extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.put = "";
      this.querySelector("button").hidden = true;
      this.addEventListener("change", this.onChange.bind(this));
    }

    onChange(event) {
      var field = this.closest("form").querySelector("#" + this.dataset.for);
      var words = event.target.selectedOptions[0].dataset.words || "";
      if (field.value.trim() && field.value !== this.put) return;
      field.value = this.put = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  if (!customElements.get("reply-words")) customElements.define("reply-words", ReplyWords);
})();
