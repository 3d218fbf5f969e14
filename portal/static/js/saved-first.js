/* In Wagtail's editor: what is being saved is saved before the form is sent.

   Wagtail saves by itself while somebody writes. It does not wait for that when the form is sent: of a new page there were
   then two, or its own draft had taken its address and the form came back with an error that nobody could understand.
   Here a form that is sent meanwhile waits for the answer, goes where the answer says, and nothing is saved after it. */
(function () {
  "use strict";

  var saving = new WeakSet();
  var waiting = new WeakMap(); // form → the button with which it was sent

  document.addEventListener("w-autosave:save", function (event) {
    if (!event.defaultPrevented) saving.add(event.target);
  });

  ["w-autosave:success", "w-autosave:error"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.target;
      saving.delete(form);
      if (!waiting.has(form)) return;
      var button = waiting.get(form);
      waiting.delete(form);
      if (button && button.name) {
        // The button may be disabled by now, and would not say which one it is.
        var said = document.createElement("input");
        said.type = "hidden";
        said.name = button.name;
        said.value = button.value;
        form.append(said);
      }
      form.requestSubmit();
    });
  });

  document.addEventListener(
    "submit",
    function (event) {
      var form = event.target;
      if (!form.matches('[data-controller~="w-autosave"]')) return;
      form.setAttribute("data-w-autosave-active-value", "false");
      if (!saving.has(form)) return;
      event.preventDefault();
      if (!waiting.has(form)) waiting.set(form, event.submitter);
    },
    true
  );
})();
