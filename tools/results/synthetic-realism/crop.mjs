/** Square windows of pictures: how the network sees a hand, in training and on photographs alike. */

/** Side of the window over the longer side of the keypoints' box. */
export const WINDOW = 1.4;

/** Box of the keypoints [21, 2] that are labelled: centre and longer side. */
export function boxOf(keypoints, visibility) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < 21; k++) {
    if (visibility && visibility[k] === 0) continue;
    left = Math.min(left, keypoints[2 * k]);
    right = Math.max(right, keypoints[2 * k]);
    top = Math.min(top, keypoints[2 * k + 1]);
    bottom = Math.max(bottom, keypoints[2 * k + 1]);
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, side: Math.max(right - left, bottom - top) };
}

/**
 * Reads a turned square out of an image by area-like bilinear sampling, borders repeated.
 *
 * @param image { data, width, height } and where its pixels begin in `data`
 * @param window centre x, y, side in pixels, angle in radians
 * @param gains per channel; noise in grey levels of 0–1, read from `table`
 */
export function readWindow(image, window, size, out, at, gains = [1, 1, 1], noise) {
  const { data, width, height, start = 0 } = image;
  const step = window.side / size;
  const [c, s] = [Math.cos(window.angle) * step, Math.sin(window.angle) * step];
  const half = (size - 1) / 2;
  // where the picture is shrunk, the mean of a few samples stands for each pixel
  const taps = Math.max(1, Math.min(4, Math.round(step)));
  const weight = 1 / (255 * taps * taps);
  let cursor = noise?.start ?? 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let [r, g, b] = [0, 0, 0];
      for (let ty = 0; ty < taps; ty++) {
        for (let tx = 0; tx < taps; tx++) {
          const dx = column - half + (tx + 0.5) / taps - 0.5;
          const dy = row - half + (ty + 0.5) / taps - 0.5;
          let x = window.x + c * dx - s * dy;
          let y = window.y + s * dx + c * dy;
          x = x < 0 ? 0 : x > width - 1.001 ? width - 1.001 : x;
          y = y < 0 ? 0 : y > height - 1.001 ? height - 1.001 : y;
          const [x0, y0] = [x | 0, y | 0];
          const [fx, fy] = [x - x0, y - y0];
          const p = start + 3 * (y0 * width + x0);
          const q = p + 3 * width;
          const [wa, wb, wc, wd] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
          r += wa * data[p] + wb * data[p + 3] + wc * data[q] + wd * data[q + 3];
          g += wa * data[p + 1] + wb * data[p + 4] + wc * data[q + 1] + wd * data[q + 4];
          b += wa * data[p + 2] + wb * data[p + 5] + wc * data[q + 2] + wd * data[q + 5];
        }
      }
      const to = at + 3 * (row * size + column);
      out[to] = r * weight * gains[0];
      out[to + 1] = g * weight * gains[1];
      out[to + 2] = b * weight * gains[2];
      if (noise) {
        for (let k = 0; k < 3; k++) out[to + k] += noise.amplitude * noise.table[cursor++ & noise.mask];
      }
    }
  }
}

/** Pixels → −1 … 1 over the window, turned with it. */
export function toWindow(u, v, window) {
  const [dx, dy] = [(u - window.x) / (window.side / 2), (v - window.y) / (window.side / 2)];
  const [c, s] = [Math.cos(window.angle), Math.sin(window.angle)];
  return [c * dx + s * dy, -s * dx + c * dy];
}

/** The inverse of {@link toWindow}. */
export function fromWindow(a, b, window) {
  const [c, s] = [Math.cos(window.angle), Math.sin(window.angle)];
  const half = window.side / 2;
  return [window.x + half * (c * a - s * b), window.y + half * (s * a + c * b)];
}
