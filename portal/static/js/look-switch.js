/* Theme and mode change on the spot.

   <form method="post" action="/look/" data-look> … <button name="theme" value="dark">

   Without this file the form is sent and the page comes back in its new look. The language always goes that way: words
   come from the server. What the buttons are called and which of two is shown is the business of the style sheet. */
(function () {
  "use strict";

  var root = document.documentElement;

  function showPressed() {
    document.querySelectorAll("[data-look] button[aria-pressed]").forEach(function (button) {
      var name = button.name;
      if (name === "theme" || name === "mode") {
        button.setAttribute("aria-pressed", String(root.dataset[name] === button.value));
      }
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (!form.matches("[data-look]") || !button) return;
    form.elements.next.value = location.pathname + location.search;
    if (button.name === "language") return;

    event.preventDefault();
    var before = root.dataset[button.name];
    root.dataset[button.name] = button.value;
    showPressed();
    var twin = form.querySelector('button[name="' + button.name + '"]:not([value="' + button.value + '"])');
    if (button.offsetParent === null && twin) twin.focus();
    // The answer is a redirect back to this page, which is already here.
    fetch(form.action, {
      method: "POST",
      body: new URLSearchParams([[button.name, button.value], ["next", form.elements.next.value]]),
      redirect: "manual",
      credentials: "same-origin",
    }).catch(function () {
      // It could not be remembered; a look that is gone on the next page would only puzzle.
      root.dataset[button.name] = before;
      showPressed();
    });
  });

  showPressed();
  document.addEventListener("htmx:load", showPressed);
})();
