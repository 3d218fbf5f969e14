/* Sharing and printing a page: buttons that only a browser with script can keep its word about; either may be missing.

   <div data-page-tools hidden><button data-share="https://…" data-done="Address copied">…</button><button data-print>…</button></div> */
(function () {
  "use strict";

  function share(button) {
    var url = button.dataset.share;
    if (navigator.share) return navigator.share({ title: document.title, url: url });
    return navigator.clipboard.writeText(url).then(function () {
      button.querySelector("span").textContent = button.dataset.done;
    });
  }

  document.querySelectorAll("[data-page-tools]").forEach(function (tools) {
    var button = tools.querySelector("[data-share]");
    // Without TLS a browser offers neither.
    if (button) {
      button.hidden = !(navigator.share || navigator.clipboard);
      button.addEventListener("click", function () {
        Promise.resolve(share(button)).catch(function () {}); // the person thought better of it
      });
    }
    tools.querySelector("[data-print]").addEventListener("click", function () {
      window.print();
    });
    tools.hidden = false;
  });
})();
