import { ConfigError } from '@opposable/tensor-checks';
import type { Intensity } from '../mesh/types.js';
import type { SceneLight, ShadowOptions } from './types.js';
import { LIGHT_FIELDS, MAX_SHADOWS } from './workspace.js';

/** The lights of a scene as numbers. */
export interface CompiledLights {
  /** [lights, LIGHT_FIELDS] */
  readonly table: Float32Array;
  /** [9, 3] irradiance / π as a polynomial 1, y, z, x, xy, yz, 3z² − 1, xz, x² − y² of the normal */
  readonly irradiance: Float32Array;
  readonly harmonics: boolean;
  /** Directional lights with a shadow, in the order of their visibility rows. */
  readonly shadows: readonly {
    readonly direction: readonly [number, number, number];
    readonly options: ShadowOptions;
  }[];
}

const rgbOf = (intensity: Intensity): readonly [number, number, number] =>
  typeof intensity === 'number' ? [intensity, intensity, intensity] : intensity;

function unit([x, y, z]: readonly [number, number, number], operation: string): [number, number, number] {
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0 && length < Infinity)) {
    throw new ConfigError(
      `${operation}: expected a light with a finite direction other than zero, got [${x}, ${y}, ${z}].`,
      { expected: 'a direction other than zero', actual: [x, y, z] },
    );
  }
  return [x / length, y / length, z / length];
}

/** Orthonormal real harmonics and the clamped cosine's A_l / π of their bands (Ramamoorthi and Hanrahan, SIGGRAPH 2001). */
const BAND0 = 0.5 * Math.sqrt(1 / Math.PI);
const BAND1 = Math.sqrt(3 / (4 * Math.PI)) * (2 / 3);
const BAND2 = 0.5 * Math.sqrt(15 / Math.PI) * (1 / 4);
const BAND2_ZONAL = 0.25 * Math.sqrt(5 / Math.PI) * (1 / 4);
const TERMS = [BAND0, BAND1, BAND1, BAND1, BAND2, BAND2, BAND2_ZONAL, BAND2, 0.5 * BAND2];

/**
 * Ambient light and harmonics as one polynomial of the normal, lamps as a table.
 *
 * @param visibilityRow row of `fragments` for the first shadowed light
 * @throws ConfigError for a light that is not finite, without direction, or one shadow too many
 */
export function compileLights(
  lights: readonly SceneLight[],
  ambient: Intensity,
  visibilityRow: number,
  operation: string,
): CompiledLights {
  const irradiance = new Float64Array(27);
  rgbOf(ambient).forEach((value, c) => (irradiance[c] = value));
  let harmonics = false;
  const rows: number[][] = [];
  const shadows: CompiledLights['shadows'][number][] = [];
  const finite = (values: readonly number[], what: string) => {
    const bad = values.find((value) => !Number.isFinite(value));
    if (bad !== undefined || values.length === 0) {
      throw new ConfigError(`${operation}: expected ${what} to be finite, got ${bad ?? 'none'}.`, {
        expected: 'finite numbers',
        actual: bad,
      });
    }
  };
  finite(rgbOf(ambient), 'ambient light');
  for (const light of lights) {
    if (light.kind === 'spherical-harmonics') {
      const { coefficients } = light;
      if (coefficients.length !== 27) {
        throw new ConfigError(
          `${operation}: expected spherical harmonics as flat [9, 3], got ${coefficients.length} numbers.`,
          { expected: 27, actual: coefficients.length },
        );
      }
      finite(Array.from(coefficients), 'spherical harmonics');
      TERMS.forEach((term, k) => {
        for (let c = 0; c < 3; c++) irradiance[3 * k + c]! += term * coefficients[3 * k + c]!;
      });
      harmonics = true;
      continue;
    }
    const rgb = rgbOf(light.intensity);
    finite(rgb, 'the intensity of a light');
    if (light.kind === 'point') {
      finite(light.position, 'the position of a light');
      rows.push([...light.position, 1, ...rgb, -1]);
      continue;
    }
    const [x, y, z] = unit(light.direction, operation);
    const { shadow = false } = light;
    let row = -1;
    if (shadow !== false) {
      if (shadows.length === MAX_SHADOWS) {
        throw new ConfigError(`${operation}: expected at most ${MAX_SHADOWS} lights with a shadow, got more.`, {
          expected: MAX_SHADOWS,
          actual: 'more',
        });
      }
      row = visibilityRow + shadows.length;
      shadows.push({ direction: [x, y, z], options: shadow === true ? {} : shadow });
    }
    rows.push([-x, -y, -z, 0, ...rgb, row]);
  }
  const table = new Float32Array(rows.length * LIGHT_FIELDS);
  rows.forEach((row, l) => table.set(row, l * LIGHT_FIELDS));
  return { table, irradiance: Float32Array.from(irradiance), harmonics, shadows };
}
