import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { type FreihandHands, parseHandPoints, parseHandSubmission } from '@opposable/metrics';
import { FileFormatError, OpposableError } from '@opposable/tensor-checks';
import { freihandMeasures, ho3dMeasures } from '../../evaluation/protocols/space.js';
import { measureCsv, measureTable } from '../../report/measure-tables.js';
import { textTable } from '../../report/text-table.js';

export interface ScoreSubmissionOptions {
  /** JSON file [xyz, verts]. */
  readonly submission: string;
  /** JSON file of the true joints, [hand][21][3] metres: FreiHAND's `evaluation_xyz.json`. */
  readonly xyz: string;
  /** JSON file of the true vertices: FreiHAND's `evaluation_verts.json`. Without it only joints are scored. */
  readonly verts?: string | undefined;
  readonly protocol: 'freihand' | 'ho3d';
  readonly out: string;
}

async function readJson<T>(path: string, parse: (value: unknown) => T): Promise<T> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FileFormatError(`${path}: expected a JSON file that can be read (${error.code ?? error.message}).`, {
      expected: 'JSON file',
      actual: error.code,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FileFormatError(`${path}: expected JSON, got text that is none.`, { expected: 'JSON', actual: path });
  }
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof OpposableError)) throw error;
    throw new FileFormatError(`${path}: ${error.message}`, { expected: error.expected, actual: error.actual });
  }
}

/**
 * Scores a submission to FreiHAND's or HO-3D's evaluation against the labels, and writes `scores.txt`, `.csv` and `.json`.
 *
 * @returns the table as text
 * @throws FileFormatError for a file that cannot be read or is of another form; ShapeError for numbers of hands that differ
 */
export async function scoreSubmission(options: ScoreSubmissionOptions): Promise<string> {
  const { submission, xyz, verts, protocol, out } = options;
  const given = await readJson(submission, parseHandSubmission);
  const target: FreihandHands = {
    xyz: await readJson(xyz, (value) => parseHandPoints(value, 'xyz')),
    ...(verts === undefined ? {} : { verts: await readJson(verts, (value) => parseHandPoints(value, 'verts')) }),
  };
  if (target.xyz.length !== given.xyz.length) {
    throw new FileFormatError(
      `evaluate: expected as many hands in ${submission} as in ${xyz}, got ${given.count} and ${target.xyz.length / 63}.`,
      { expected: target.xyz.length / 63, actual: given.count },
    );
  }
  const predicted: FreihandHands = verts === undefined ? { xyz: given.xyz } : given;
  const { note, measures } = { freihand: freihandMeasures, ho3d: ho3dMeasures }[protocol](predicted, target);
  const column = { name: 'submission', measures: [{ name: 'hands', unit: '', value: given.count }, ...measures] };
  const text = textTable(measureTable([column], { detail: true }));
  await mkdir(out, { recursive: true });
  await writeFileAtomic(join(out, 'scores.txt'), `${text}\n`);
  await writeFileAtomic(join(out, 'scores.csv'), measureCsv([column]));
  await writeFileAtomic(
    join(out, 'scores.json'),
    `${JSON.stringify({ submission, xyz, verts, note, measures }, null, 1)}\n`,
  );
  return `${text}\n${note}`;
}
