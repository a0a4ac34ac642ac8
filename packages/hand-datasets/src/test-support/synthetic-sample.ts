import type { Rng } from '@opposable/tensor-checks';
import type { HandSample } from '../types.js';

const FINGER_ANGLES = [-0.9, -0.3, 0, 0.25, 0.5];

/**
 * A right hand with its palm towards the camera (panoptic order, millimetres), slightly curled, 500 mm away, projected
 * by a made-up camera; the image is dark with a bright dot of radius ~2 at every keypoint.
 */
export function syntheticSample(rng: Rng, { width = 160, height = 120, id = 'synthetic' } = {}): HandSample {
  const points: number[][] = [[0, 0, 500]];
  FINGER_ANGLES.forEach((angle, finger) => {
    const lengths = finger === 0 ? [40, 35, 30, 25] : [90, 40, 28, 22];
    let [x, y, z] = [0, 0, 500];
    lengths.forEach((length, k) => {
      const curl = k === 0 ? 0 : 0.15 * k;
      x -= Math.sin(angle) * length * Math.cos(curl);
      y += -Math.cos(angle) * length * Math.cos(curl);
      z -= Math.sin(curl) * length + (finger === 0 ? 4 : 0);
      points.push([x, y, z]);
    });
  });
  const roll = rng.uniform(-0.5, 0.5);
  const center = [rng.uniform(-20, 20), rng.uniform(60, 90)];
  const keypoints3d = Float64Array.from(
    points.flatMap(([x, y, z]) => [
      Math.cos(roll) * x! - Math.sin(roll) * y! + center[0]!,
      Math.sin(roll) * x! + Math.cos(roll) * y! + center[1]!,
      z!,
    ]),
  );
  const camera = Float64Array.of(width * 1.5, 0.3, width / 2 - 3, 0, width * 1.49, height / 2 + 2, 0, 0, 1);
  const keypoints = new Float64Array(42);
  for (let i = 0; i < 21; i++) {
    const [x, y, z] = [keypoints3d[3 * i]!, keypoints3d[3 * i + 1]!, keypoints3d[3 * i + 2]!];
    keypoints[2 * i] = (camera[0]! * x + camera[1]! * y) / z + camera[2]!;
    keypoints[2 * i + 1] = (camera[4]! * y) / z + camera[5]!;
  }
  const image = { width, height, data: new Uint8Array(width * height * 3) };
  const mask = { width, height, data: new Uint8Array(width * height) };
  for (let i = 0; i < 21; i++) {
    const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
    for (let row = Math.max(0, Math.round(v) - 8); row <= Math.min(height - 1, Math.round(v) + 8); row++) {
      for (let column = Math.max(0, Math.round(u) - 8); column <= Math.min(width - 1, Math.round(u) + 8); column++) {
        const value = Math.round(255 * Math.exp(-((column - u) ** 2 + (row - v) ** 2) / 8));
        const pixel = row * width + column;
        image.data.fill(Math.max(image.data[pixel * 3]!, value), pixel * 3, pixel * 3 + 3);
        if (value > 50) mask.data[pixel] = 255;
      }
    }
  }
  const columns = keypoints.filter((_, i) => i % 2 === 0);
  const rows = keypoints.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.min(...columns), Math.min(...rows)];
  return {
    id,
    source: { dataset: 'made-up', file: `${id}.png`, index: 3 },
    side: 'right',
    isMirrored: false,
    keypointOrder: 'panoptic',
    keypoints,
    visibility: new Uint8Array(21).fill(2),
    keypoints3d,
    keypoints3dValid: new Uint8Array(21).fill(1),
    camera,
    bbox: [left, top, Math.max(...columns) - left, Math.max(...rows) - top],
    mano: {
      convention: 'freihand',
      pose: Float64Array.from({ length: 48 }, () => rng.normal(0, 0.3)),
      betas: Float64Array.from({ length: 10 }, () => rng.normal()),
      transl: Float64Array.from({ length: 3 }, () => rng.normal(0, 0.1)),
    },
    handParameters: undefined,
    crop: undefined,
    subject: 's1',
    sequence: undefined,
    image,
    mask,
  };
}
