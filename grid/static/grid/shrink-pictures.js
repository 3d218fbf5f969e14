/* Pictures are made smaller before they leave the phone, in the field in which they were chosen.

   <shrink-pictures><input type="file" …><p role="status" data-words="{count} chosen"></p></shrink-pictures>

   What cannot be made smaller goes as it is. */
(function () {
  "use strict";

  class ShrinkPictures extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.addEventListener("change", this.onChange.bind(this));
    }

    async onChange(event) {
      var input = event.target;
      var form = this.closest("form");
      if (input.type !== "file") return;
      var status = this.querySelector("[role=status]");
      status.textContent = status.dataset.words.replace("{count}", String(input.files.length));
      if (!window.pictureShrink || !window.DataTransfer) return;
      form.setAttribute("aria-busy", "true"); // a form that is sent now would send the large ones
      var smaller = new DataTransfer();
      for (var file of Array.from(input.files)) smaller.items.add(await shrunk(file));
      input.files = smaller.files;
      form.setAttribute("aria-busy", "false");
    }
  }

  async function shrunk(file) {
    try {
      var made = await window.pictureShrink(file);
      return new File([made.blob], file.name, { type: made.blob.type });
    } catch (error) {
      return file;
    }
  }

  if (!customElements.get("shrink-pictures")) customElements.define("shrink-pictures", ShrinkPictures);
})();
