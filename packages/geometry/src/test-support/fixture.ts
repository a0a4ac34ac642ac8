import { readFileSync } from 'node:fs';

export interface GeometryFixture {
  rotations: { axisAngle: number[]; matrix: number[]; quaternion: number[] }[];
  alignments: {
    kind: string;
    reflection: 'forbid' | 'allow';
    scaled: boolean;
    source: number[];
    target: number[];
    scale: number;
    rotation: number[];
    translation: number[];
    residual: number;
    leastResidualFound: number;
  }[];
}

/** Written by fixtures/generate.py with numpy and scipy. */
export function readFixture(): GeometryFixture {
  return JSON.parse(
    readFileSync(new URL('../fixtures/geometry-fixture.json', import.meta.url), 'utf8'),
  ) as GeometryFixture;
}
