// Something to send: a camera with its microphone, or a picture that is drawn here.

const [width, height] = [640, 480];
const framesPerSecond = 20;

export function camera() {
  // Browsers lend their camera only to pages from this machine or over HTTPS.
  if (!navigator.mediaDevices) throw new Error("Without HTTPS the browser lends no camera.");
  return navigator.mediaDevices.getUserMedia({ video: { width, height }, audio: true });
}

/** Waves under an arch, and the time. Drawn until the signal ends it. */
export function drawn(signal) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const hue = 160 + Math.random() * 45;
  // A worker's clock goes on in a tab that nobody looks at; that of a page does not.
  const ticker = new Worker("/pages/ticker.js");
  ticker.postMessage(1000 / framesPerSecond);
  ticker.onmessage = () => draw(context, performance.now() / 1000, hue);
  signal.addEventListener("abort", () => ticker.terminate());
  draw(context, 0, hue);
  return canvas.captureStream(framesPerSecond);
}

function draw(context, seconds, hue) {
  context.fillStyle = `hsl(${hue} 22% 13%)`;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `hsl(${hue} 18% 20%)`;
  context.beginPath();
  context.arc(width / 2, height * 0.62, width * 0.3, Math.PI, 0);
  context.rect(width * 0.2, height * 0.62 - 1, width * 0.6, height);
  context.fill();
  for (let wave = 0; wave < 7; wave += 1) {
    context.strokeStyle = `hsl(${hue} 42% ${64 - wave * 5}%)`;
    context.lineWidth = 5 - wave * 0.4;
    context.beginPath();
    for (let x = -10; x <= width + 10; x += 10) {
      const y = height * 0.66 + wave * 24 + 11 * Math.sin(x / 62 + seconds * (1.9 - wave * 0.17) + wave * 1.3);
      context.lineTo(x, y);
    }
    context.stroke();
  }
  context.fillStyle = "#f2f4ee";
  context.font = "300 58px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillText(new Date().toLocaleTimeString("en-GB"), width / 2, height * 0.3);
}
