// Photos made small on the phone, a signature drawn with a finger, a serial read off its barcode.
const LONGEST = 1600;

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = drawn(picture, scale), small = drawn(picture, Math.min(1, 160 / Math.max(picture.width, picture.height)));
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
  return { bytes: await blob.arrayBuffer(), type: "image/jpeg", preview: small.toDataURL("image/jpeg", 0.7) };
}

function drawn(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export const canScan = "BarcodeDetector" in window;
export async function scan(file) {
  const picture = await createImageBitmap(file);
  const found = await new window.BarcodeDetector().detect(picture);
  return found.length ? found[0].rawValue : "";
}

// A pad to sign on; dark ink on white in every theme, because it ends up on paper.
export function pad(canvas, changed) {
  const pen = canvas.getContext("2d");
  let down = false, marks = 0;
  const clear = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); pen.strokeStyle = "#111"; pen.lineWidth = 3; pen.lineCap = "round"; marks = 0; };
  const at = (event) => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height]; };
  canvas.addEventListener("pointerdown", (event) => { down = true; canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
  canvas.addEventListener("pointermove", (event) => { if (!down) return; pen.lineTo(...at(event)); pen.stroke(); marks += 1; });
  canvas.addEventListener("pointerup", async () => { if (!down) return; down = false; if (marks) changed(await bytes()); });
  async function bytes() {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return { bytes: await blob.arrayBuffer(), type: "image/png", preview: canvas.toDataURL("image/png") };
  }
  clear();
  return { clear: () => { clear(); changed(null); } };
}
