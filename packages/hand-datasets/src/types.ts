import type { GrayImage, RgbImage } from '@opposable/drawing';
import type { Side } from '@opposable/mano-layer/conventions';

/** Where a sample came from. */
export interface SampleSource {
  /** Name of the dataset, as in `readers`. */
  readonly dataset: string;
  /** File inside the dataset's root. */
  readonly file: string;
  /** Index of the record in the original annotations. */
  readonly index: number;
}

/** MANO parameters with the convention they are written in. Radians and metres. */
export interface ManoAnnotation {
  /** Name of a convention, for example 'freihand'. */
  readonly convention: string;
  /** Global rotation then joint rotations, as the convention has them. */
  readonly pose: Float64Array;
  readonly betas: Float64Array;
  readonly transl: Float64Array | undefined;
  /** [3, 4] row-major, world to camera in metres, where the convention's frame is the world's. */
  readonly worldToCamera?: Float64Array | undefined;
}

/** Everything that is known of one hand in one image, without the pixels. 21 keypoints in `keypointOrder`. */
export interface HandAnnotation {
  /** Unique within its dataset. */
  readonly id: string;
  readonly source: SampleSource;
  /** The hand as it looks in the image: a mirrored left hand is 'right' with `isMirrored`. */
  readonly side: Side;
  readonly isMirrored: boolean;
  readonly keypointOrder: string;
  /** [21, 2] x = column, y = row, pixels of the image, pixel centres at integers. */
  readonly keypoints: Float64Array;
  /** [21] COCO: 0 not labelled, 1 labelled but hidden, 2 visible. */
  readonly visibility: Uint8Array;
  /** [21, 3] millimetres in the camera frame (x right, y down, z away). */
  readonly keypoints3d: Float64Array | undefined;
  /** [21] 1 where `keypoints3d` is known. */
  readonly keypoints3dValid: Uint8Array | undefined;
  /** [3, 3] row-major intrinsics, in the pixels of the image. */
  readonly camera: Float64Array | undefined;
  /** x, y, width, height in pixels of the image. */
  readonly bbox: readonly [number, number, number, number];
  readonly mano: ManoAnnotation | undefined;
  /** The 22 numbers (`@opposable/mano-layer/conventions`), in the 256-pixel frame of this image; synthetic data only. */
  readonly handParameters: Float64Array | undefined;
  /** 2 × 3 row-major: pixels of the original image to pixels of this one. */
  readonly crop: Float64Array | undefined;
  readonly subject: string | undefined;
  readonly sequence: string | undefined;
}

/** One hand with its pixels. */
export interface HandSample extends HandAnnotation {
  readonly image: RgbImage;
  /** 255 on the hand, 0 elsewhere. */
  readonly mask: GrayImage | undefined;
}

/** How far away what each pixel shows is: z of its surface in the camera frame, 16 bits, in tenths of a millimetre. */
export interface DepthMap {
  readonly width: number;
  readonly height: number;
  /** [height · width] z = `offset` + value / 10 mm; 0 where nothing is known */
  readonly data: Uint16Array;
  /** millimetres */
  readonly offset: number;
}
