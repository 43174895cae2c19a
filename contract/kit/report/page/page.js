// Comfort alone: the page says all that it says without this.
(function () {
  "use strict";

  // Copy: the line that stands below the button.
  function copied(button, worked) {
    button.textContent = worked ? "Copied" : "Select and copy";
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  }
  function select(node) {
    var range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
  document.querySelectorAll("button.copy").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = button.closest(".command").querySelector("pre");
      if (navigator.clipboard) {
        navigator.clipboard.writeText(shown.textContent).then(
          function () { copied(button, true); },
          function () { select(shown); copied(button, false); });
      } else {
        select(shown);
        copied(button, document.execCommand("copy"));
      }
    });
  });

  // A link to a clause opens it.
  function open() {
    var found = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (found && found.tagName === "DETAILS") {
      if (form && !found.getClientRects().length) {
        form.reset();
        filter();
      }
      found.open = true;
      found.scrollIntoView();
    }
  }
  // Filters.
  var form = document.querySelector(".filters");
  var rows = Array.prototype.slice.call(document.querySelectorAll(".row"));
  var families = Array.prototype.slice.call(document.querySelectorAll(".family"));
  function filter() {
    var words = form.elements.text.value.toLowerCase().split(/\s+/);
    var shown = 0;
    rows.forEach(function (row) {
      var text = row.firstElementChild.textContent.toLowerCase();
      var fits = ["state", "family", "level"].every(function (name) {
        return !form.elements[name].value || row.dataset[name] === form.elements[name].value;
      }) && words.every(function (word) { return text.indexOf(word) >= 0; });
      row.hidden = !fits;
      shown += fits;
    });
    families.forEach(function (family) { family.hidden = !family.querySelector(".row:not([hidden])"); });
    form.querySelector("output").textContent = shown < rows.length ? shown + " of " + rows.length + " shown" : "";
  }
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
  }
  addEventListener("hashchange", open);
  open();
})();
