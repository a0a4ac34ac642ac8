import type { FingerName } from '@opposable/keypoint-order';
import type { FloatArray, ParametricModel } from '@opposable/skinning/host';

export type Side = 'left' | 'right';

/** Named vertices of one mesh. MANO's own ids mean nothing on another mesh, so a mesh carries its own. */
export interface HandLandmarks {
  /** One vertex per fingertip. */
  readonly fingertips: Readonly<Record<FingerName, number>>;
  /** Vertices whose mean is the centre of the palm. */
  readonly palm: readonly number[];
}

/**
 * A hand in the MANO schema: 16 joints (wrist, then three each of index, middle, pinky, ring, thumb), a linear pose
 * basis over the 45 axis-angle numbers of joints 1–15, and named landmarks. Metres and radians.
 */
export interface ManoModel extends ParametricModel {
  /** Which mesh this is: 'mano' for files from the MANO authors, otherwise the name of the hand. */
  readonly topology: string;
  readonly side: Side;
  /** [C, 45] rows are pose components, C at most 45. */
  readonly handsComponents: FloatArray;
  /** [45] mean pose, axis-angle. */
  readonly handsMean: FloatArray;
  /** Landmarks of this mesh; undefined where the file names none (MANO files: choose a fingertip set by name). */
  readonly landmarks: HandLandmarks | undefined;
  /** [V, 3] sRGB in 0–1, where the asset has colours. */
  readonly vertexColors: FloatArray | undefined;
}
