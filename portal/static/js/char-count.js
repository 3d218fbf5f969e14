/* What is left to write.

   <textarea maxlength="200" data-count="id_text_left"> … <p id="id_text_left" data-left="{left} …" data-over="{left} …">

   With data-quiet="15" the paragraph appears when no more than that are left. Without this file it says how much there
   may be. Characters are counted as the server counts them: a rare Chinese character or an emoji is one, not two. Too
   much can be typed and is said, never cut off. */
(function () {
  "use strict";

  function tell(input) {
    var note = document.getElementById(input.dataset.count);
    if (!note) return;
    var most = Number(input.dataset.most || input.getAttribute("maxlength"));
    if (!most) return;
    input.dataset.most = String(most);
    input.removeAttribute("maxlength");
    // A line end is one character here and two in what is sent.
    var left = most - Array.from(input.value.replace(/\n/g, "\r\n")).length;
    var over = left < 0;
    note.textContent = (over ? note.dataset.over : note.dataset.left).replace("{left}", String(Math.abs(left)));
    note.classList.toggle("over", over);
    note.classList.toggle("quiet", left > Number(note.dataset.quiet || most));
  }

  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.count) tell(event.target);
  });

  function tellAll() {
    document.querySelectorAll("[data-count]").forEach(tell);
  }
  tellAll();
  document.addEventListener("htmx:load", tellAll);
})();
