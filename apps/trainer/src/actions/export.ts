import { basename, extname } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { chooseBackend, exportNetwork, isNetworkFile, NETWORK_FILES } from '@opposable/hand-training';
import { coefficientsToHandPose, type ManoModel } from '@opposable/mano-layer/conventions';
import { writeHand } from '@opposable/mano-layer/files';
import { loadManoModel } from '@opposable/mano-layer/node';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, ManoModelError } from '@opposable/tensor-checks';
import { type Flags, FORMATS, OPEN_HAND } from '../commands/export.js';

/** Options of a hand, by the names they have in {@link Flags}. */
const HAND_FLAGS = ['side', 'leftShapeFix', 'betas', 'pose', 'axisAngle', 'flatHandMean', 'orient', 'transl', 'ascii'] as const; // prettier-ignore

function refuseOption(name: string, files: readonly string[], out: string): never {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new ConfigError(`${flag} is accepted only for ${files.join(', ')}, got ${out}.`, {
    expected: files,
    actual: out,
  });
}

/** The network of a run. */
async function exportRun(run: string, out: string, flags: Flags): Promise<void> {
  const wrong = HAND_FLAGS.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) refuseOption(wrong, Object.keys(FORMATS), out);
  await chooseBackend('wasm');
  const { withMesh, keepBatchNorm = false, hand } = flags;
  const how = { withMesh, foldBatchNormalization: !keepBatchNorm, hand };
  process.stdout.write(`${await exportNetwork({ run, out, ...how })}\n`);
}

/** A hand of any mesh; errors speak of this command's options. */
async function loadFile(path: string, options: Pick<Flags, 'side' | 'leftShapeFix'>): Promise<ManoModel> {
  try {
    return await loadManoModel(path, options);
  } catch (cause) {
    if (!(cause instanceof ManoModelError)) throw cause;
    const { expected, actual } = cause;
    const problem = cause.message.replace(/^\w+: /, '').replaceAll('options.side', '--side');
    throw new ConfigError(`${path}: ${problem.replaceAll('leave side out', 'leave --side out')}`, { expected, actual });
  }
}

async function loadHand(model: string, { side, leftShapeFix }: Flags): Promise<ManoModel> {
  if (model !== OPEN_HAND) return loadFile(model, { side, leftShapeFix });
  if (leftShapeFix === undefined) return loadOpenHand(side ?? 'right');
  throw new ConfigError(`--left-shape-fix is accepted only for a file, got ${OPEN_HAND}.`, { actual: leftShapeFix });
}

/** [45] axis-angle with the mean included. */
function absolutePose(hand: ManoModel, { pose, axisAngle, flatHandMean = false }: Flags): Float64Array {
  const mean = flatHandMean ? hand.handsMean.map(() => 0) : hand.handsMean;
  if (pose === undefined) return Float64Array.from(mean);
  if (axisAngle !== true) return coefficientsToHandPose(hand, pose, { flatHandMean });
  if (pose.length !== mean.length) {
    throw new ConfigError(`--pose: expected ${mean.length} numbers with --axis-angle, got ${pose.length}.`, {
      expected: mean.length,
      actual: pose.length,
    });
  }
  return Float64Array.from(mean, (value, k) => value + pose[k]!);
}

/** The coefficients that were given, then zeros. */
function allBetas({ shapeCount }: ManoModel, betas: readonly number[] = []): Float64Array {
  if (betas.length > shapeCount) {
    throw new ConfigError(`--betas: expected at most ${shapeCount} numbers, got ${betas.length}.`, {
      expected: shapeCount,
      actual: betas.length,
    });
  }
  return Float64Array.from({ length: shapeCount }, (_, s) => betas[s] ?? 0);
}

/** What `opposable export MODEL OUT.glb|.obj|.ply` and `opposable export RUN OUT.onnx|.safetensors|model.json` do. */
export async function exportAction(model: string, out: string, flags: Flags): Promise<void> {
  if (isNetworkFile(out)) return exportRun(model, out, flags);
  for (const name of ['withMesh', 'keepBatchNorm'] as const) {
    if (flags[name] !== undefined) refuseOption(name, ['.onnx'], out);
  }
  if (flags.hand !== undefined) refuseOption('hand', NETWORK_FILES, out);
  const hand = await loadHand(model, flags);
  const extension = extname(out).toLowerCase();
  const format = FORMATS[extension]!;
  if (flags.ascii && format !== 'ply') {
    throw new ConfigError(`--ascii is accepted only for .ply, got ${extension}.`, {
      expected: '.ply',
      actual: out,
    });
  }
  const bytes = await writeHand(hand, flags.ascii ? 'ply-ascii' : format, {
    frame: flags.frame,
    name: basename(out, extname(out)),
    betas: allBetas(hand, flags.betas),
    handPose: absolutePose(hand, flags),
    globalOrient: flags.orient,
    transl: flags.transl,
  });
  await writeFileAtomic(out, bytes);
  process.stdout.write(
    `${out}: ${hand.side} hand '${hand.topology}', ${hand.vertexCount} vertices, ${bytes.length} bytes\n`,
  );
}
