/**
 * The parts of OpenCV that the masks use. The module has a `then` that resolves with the module itself: awaiting it, or
 * returning it from a promise, never ends. It is therefore imported here and nowhere else, and handed around in an object.
 */
import module from '@techstark/opencv-js';

/** A matrix in OpenCV's memory. */
export interface Mat {
  /** A view of its bytes, valid until memory grows. */
  readonly data: Uint8Array;
  delete(): void;
}

export interface OpenCv {
  readonly Mat: {
    new (): Mat;
    new (rows: number, columns: number, type: number, value?: readonly number[]): Mat;
  };
  readonly Point: new (x: number, y: number) => object;
  readonly Rect: new (x: number, y: number, width: number, height: number) => object;
  readonly Scalar: new (value: number) => readonly number[];
  readonly CV_8UC1: number;
  readonly CV_8UC3: number;
  readonly CV_32SC2: number;
  readonly GC_INIT_WITH_MASK: number;
  matFromArray(rows: number, columns: number, type: number, values: readonly number[]): Mat;
  setRNGSeed(seed: number): void;
  line(mat: Mat, from: object, to: object, value: readonly number[], thickness: number): void;
  fillConvexPoly(mat: Mat, points: Mat, value: readonly number[]): void;
  grabCut(
    image: Mat,
    labels: Mat,
    window: object,
    background: Mat,
    foreground: Mat,
    rounds: number,
    mode: number,
  ): void;
}

interface Loading {
  Mat?: unknown;
  onRuntimeInitialized?: () => void;
  then?: unknown;
}

let ready: Promise<void> | undefined;

/** Waits for the module to start. @returns the module, in an object because it must not be what a promise resolves with */
export async function startOpenCv(): Promise<{ readonly cv: OpenCv }> {
  const loading = module as unknown as Loading;
  ready ??= new Promise<void>((resolve) => {
    const start = (): void => {
      loading.then = undefined;
      resolve();
    };
    if (loading.Mat !== undefined) start();
    else loading.onRuntimeInitialized = start;
  });
  await ready;
  return { cv: module as unknown as OpenCv };
}
