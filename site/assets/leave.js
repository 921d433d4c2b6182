// The quick exit takes this page out of the history instead of adding one.
document.getElementById("leave").addEventListener("click", function (event) {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(this.href);
});
