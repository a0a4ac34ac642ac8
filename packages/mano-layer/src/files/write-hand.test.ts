import { createRng } from '@opposable/tensor-checks';
import { largestDifference, referenceHand, rotationsOf } from '../test-support/reference-hand.js';
import { evaluateSkinnedGlb } from '../test-support/skinned-glb.js';
import { syntheticHand } from '../test-support/synthetic-hand.js';
import { validateGlb } from '../test-support/validate-glb.js';
import { writeHand } from './write-hand.js';

const rng = createRng(41);
const hand = {
  ...syntheticHand({ rng: rng.split('hand'), arrayType: Float64Array }),
  vertexColors: Float32Array.from({ length: 180 }, () => rng.uniform()),
};
const numbers = (count: number) => Array.from({ length: count }, () => rng.normal(0, 0.5));
const options = {
  frame: 'image',
  betas: numbers(10),
  globalOrient: numbers(3),
  handPose: numbers(45),
  transl: numbers(3),
} as const;
const expected = referenceHand(hand, options.betas, rotationsOf([...options.globalOrient, ...options.handPose]))
  .vertices.flatMap((point) => point.map((value, i) => value + options.transl[i]!))
  .map((value, i) => (i % 3 === 0 ? value : -value));

describe('writeHand', () => {
  it('writes a GLB whose skinned mesh is the posed hand, with joints by name', async () => {
    const bytes = await writeHand(hand, 'glb', options);
    const { vertices, jointNames } = await evaluateSkinnedGlb(bytes);
    expect(largestDifference(vertices, expected)).toBeLessThan(1e-6);
    expect([jointNames[0], jointNames[1], jointNames[15]]).toEqual(['wrist', 'index1', 'thumb3']);
    expect(await validateGlb(bytes)).toEqual({ errors: 0, warnings: 0, messages: [] });
  });

  it('writes the posed mesh with colours and normals as OBJ and PLY', async () => {
    const lines = new TextDecoder().decode(await writeHand(hand, 'obj', options)).split('\n');
    const points = lines.filter((line) => line.startsWith('v ')).map((line) => line.split(' ').slice(1).map(Number));
    expect(
      largestDifference(
        points.flatMap((point) => point.slice(0, 3)),
        expected,
      ),
    ).toBeLessThan(1e-7);
    expect(
      largestDifference(
        points.flatMap((point) => point.slice(3)),
        hand.vertexColors,
      ),
    ).toBeLessThan(1e-7);
    expect(lines.filter((line) => line.startsWith('vn '))).toHaveLength(60);
    const [binary, ascii] = await Promise.all([writeHand(hand, 'ply', options), writeHand(hand, 'ply-ascii', options)]);
    const text = new TextDecoder('latin1');
    const start = text.decode(binary).indexOf('end_header\n') + 11;
    const view = new DataView(binary.buffer, binary.byteOffset + start);
    expect(view.getFloat32(27 + 4, true)).toBeCloseTo(expected[4]!, 6); // y of the second vertex: 27 bytes a vertex
    expect(text.decode(ascii).split('end_header\n')[1]!.split('\n')[1]!.split(' ').map(Number)[1]).toBeCloseTo(
      expected[4]!,
      7,
    );
  });

  it('writes the flat hand of the mean shape where nothing is said', async () => {
    const { vertices } = await evaluateSkinnedGlb(await writeHand(hand, 'glb', { frame: 'y-up' }));
    expect(largestDifference(vertices, hand.vTemplate)).toBeLessThan(1e-7);
  });

  it('refuses other formats and numbers that do not fit', async () => {
    await expect(writeHand(hand, 'stl' as 'glb', options)).rejects.toThrow(
      "writeHand: expected format to be one of glb, obj, ply, ply-ascii, got 'stl'.",
    );
    await expect(writeHand(hand, 'glb', { ...options, handPose: [1] })).rejects.toThrow(
      'writeHand: expected globalOrient of 3 and handPose of 45 numbers, got 3 and 1.',
    );
    await expect(writeHand(hand, 'obj', { ...options, betas: [1] })).rejects.toThrow(
      'expected betas of length 10, got 1.',
    );
  });
});
