import type { RgbImage } from '@opposable/drawing';

/** Frames of one size as an uncompressed video, which Chromium can take for a camera: YUV4MPEG2, 4:2:0, full range. */
export function videoFile(frames: readonly RgbImage[], framesPerSecond: number): Buffer {
  const { width, height } = frames[0]!;
  const planes = frames.flatMap(({ data }) => {
    const luma = Buffer.alloc(width * height);
    const [blue, red] = [0, 1].map(() => Buffer.alloc((width / 2) * (height / 2))) as [Buffer, Buffer];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [r, g, b] = data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3) as unknown as [number, number, number]; // prettier-ignore
        const light = 0.299 * r + 0.587 * g + 0.114 * b;
        luma[y * width + x] = Math.round(light);
        if (x % 2 === 1 || y % 2 === 1) continue;
        const at = (y / 2) * (width / 2) + x / 2;
        blue[at] = Math.max(0, Math.min(255, Math.round(128 + 0.564 * (b - light))));
        red[at] = Math.max(0, Math.min(255, Math.round(128 + 0.713 * (r - light))));
      }
    }
    return [Buffer.from('FRAME\n'), luma, blue, red];
  });
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1\n`);
  return Buffer.concat([header, ...planes]);
}
