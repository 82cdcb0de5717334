// The map on tiles, where a tile server is set and answers; the drawing stays where it does not.
(() => {
  "use strict";
  const given = JSON.parse(document.getElementById("on-tiles").textContent);
  const place = document.getElementById("tiles"), drawn = document.getElementById("drawn");
  if (!window.L) return;
  place.hidden = false;
  const map = L.map(place, { zoomControl: true, attributionControl: true }).fitBounds(given.corners);
  const tiles = L.tileLayer(given.url, { attribution: given.credit.replace(/</g, "&lt;") }).addTo(map);
  let came = false;
  tiles.on("tileload", () => { if (!came) { came = true; drawn.hidden = true; } });
  tiles.on("tileerror", () => { if (!came) { place.hidden = true; drawn.hidden = false; } });
  for (const [north, east, address, href, served] of given.dots) {
    const dot = L.circleMarker([north, east], { radius: 6, weight: 2, fillOpacity: served ? 0.9 : 0 });
    dot.bindTooltip(document.createTextNode(address).textContent.replace(/</g, "&lt;"));
    dot.on("click", () => { location.href = href; });
    dot.addTo(map);
  }
})();
