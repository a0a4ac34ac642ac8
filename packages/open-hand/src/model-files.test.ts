import { writeNpz, writeSafetensors } from '@opposable/array-files';
import { leftShapeBug, mirrorModel, negateShapeX, recogniseSide } from '@opposable/mano-layer/conventions';
import { loadManoModel, manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from './load-open-hand.js';

describe.each(['right', 'left'] as const)('the %s open hand as a hand model', (side) => {
  const hand = loadOpenHand(side);

  it('is accepted as it is', async () => {
    expect(await loadManoModel(hand)).toBe(hand);
    expect(await loadManoModel(hand, { side })).toBe(hand);
    const other = side === 'left' ? 'right' : 'left';
    await expect(loadManoModel(hand, { side: other })).rejects.toThrow(`expected a ${other} hand, got a ${side} hand`);
  });

  it('comes back from .safetensors and .npz, with its side recognised by its shape', async () => {
    const arrays = manoModelToArrays(hand);
    const { topology } = hand;
    expect(await loadManoModel(writeSafetensors(arrays, { topology }))).toEqual(hand);
    expect(await loadManoModel(writeNpz(arrays), { topology })).toEqual(hand);
  });

  it('shows its side and, in its shape directions, whether they were mirrored', () => {
    expect(recogniseSide(hand)).toBe(side);
    expect(recogniseSide(mirrorModel(hand))).not.toBe(side);
    expect(leftShapeBug(hand)).toBe('absent');
    expect(leftShapeBug(negateShapeX(hand))).toBe('present');
    const right = loadOpenHand('right');
    expect(leftShapeBug(loadOpenHand('left'), right)).toBe('absent');
    expect(leftShapeBug(negateShapeX(loadOpenHand('left')), right)).toBe('present');
  });
});
