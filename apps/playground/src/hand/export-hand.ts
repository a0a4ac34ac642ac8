import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3 } from '@opposable/geometry/host';
import { MANO_CONVENTIONS } from '@opposable/mano-layer/conventions';
import { writeHand, writeObj } from '@opposable/mano-layer/files';
import { shapeIdentity } from '@opposable/skinning/host';
import { download } from '../dom.js';
import type { HandState } from './hand-state.js';
import type { ExportKind } from './hand-wishes.js';
import { absolutePose, betasOf, handPoseOf, type HandSource, type PosedHand } from './posed-hand.js';

/** Metres in the unit of a posed hand. */
export const metresPerUnit = ({ convention }: HandState): number =>
  MANO_CONVENTIONS[convention].units === 'mm' ? 0.001 : 1;

const rows = (numbers: ArrayLike<number>): number[][] =>
  Array.from({ length: numbers.length / 3 }, (_, i) => [numbers[3 * i]!, numbers[3 * i + 1]!, numbers[3 * i + 2]!]);

/** The mesh as it is shown, in metres. */
function handAsObj({ model }: HandSource, state: HandState, posed: PosedHand): string {
  const vertices = posed.vertices.map((value) => value * metresPerUnit(state));
  return writeObj({ vertices, faces: model.faces }, { frame: 'y-up' });
}

/** The hand with its skeleton, standing where it is shown: whatever the convention, it is a turn about the wrist and a translation. */
function handAsGlb(source: HandSource, state: HandState, posed: PosedHand): Promise<Uint8Array> {
  const { model } = source;
  const betas = betasOf(source, state);
  const rest = shapeIdentity(model, betas).restJoints;
  const about = MANO_CONVENTIONS[state.convention].orientAbout;
  const turned = axisAngleToMatrix(state.orient);
  const globalOrient =
    about === 'wrist' ? state.orient : matrixToAxisAngle(multiply3x3(turned, axisAngleToMatrix([Math.PI, 0, 0])));
  const transl = [0, 1, 2].map((i) => posed.joints[i]! * metresPerUnit(state) - rest[i]!);
  return writeHand(model, 'glb', {
    frame: 'y-up',
    betas,
    handPose: absolutePose(source, state),
    globalOrient,
    transl,
  });
}

/** The numbers that the layer was given and gave, with everything that must be known to read them. */
function handAsJson(source: HandSource, state: HandState, posed: PosedHand): string {
  const { model } = source;
  const { units, flatHandMean, fingertips, center, orientAbout } = MANO_CONVENTIONS[state.convention];
  return JSON.stringify(
    {
      model: { name: source.name, topology: model.topology, side: model.side, vertices: model.vertexCount },
      convention: { name: state.convention, units, flatHandMean, fingertips, center, orientAbout },
      betas: betasOf(source, state),
      handPose: Array.from(handPoseOf(source, state)),
      handPoseWithMean: absolutePose(source, state),
      globalOrient: state.orient,
      keypointOrder: state.order,
      keypoints: rows(posed.keypoints),
      joints: rows(posed.joints),
    },
    undefined,
    2,
  );
}

/** Offers the hand for download. */
export async function saveHand(
  kind: ExportKind,
  source: HandSource,
  state: HandState,
  posed: PosedHand,
): Promise<void> {
  if (kind === 'OBJ') download('hand.obj', 'model/obj', handAsObj(source, state, posed));
  else if (kind === 'JSON') download('hand.json', 'application/json', handAsJson(source, state, posed));
  else {
    const glb = await handAsGlb(source, state, posed);
    download('hand.glb', 'model/gltf-binary', glb as Uint8Array<ArrayBuffer>);
  }
}
