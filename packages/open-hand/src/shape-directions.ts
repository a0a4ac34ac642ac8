/** What a unit of each shape coefficient (one standard deviation of adults) does to the open hand, in order. */
export const OPEN_HAND_SHAPE_DIRECTIONS = [
  { name: 'size', effect: 'everything 4.8 % larger; the hand 9 mm longer' },
  { name: 'breadth', effect: 'palm, wrist, fingers and thumb broader and thicker, slightly shorter' },
  { name: 'finger-length', effect: 'fingers 4 mm longer, the palm a little shorter' },
  { name: 'palm-width', effect: 'knuckles wider apart on a narrower wrist' },
  { name: 'finger-girth', effect: 'fingers and thumb thicker on the same palm' },
  { name: 'thumb-size', effect: 'the thumb 5 mm longer and thicker' },
  { name: 'taper', effect: 'thicker finger bases and thinner fingertips' },
  { name: 'palm-depth', effect: 'a deeper palm and ball of the thumb' },
  { name: 'index-over-ring', effect: 'the index finger longer, the ring finger shorter, 1.6 mm each' },
  { name: 'little-finger', effect: 'a little finger 4 mm longer' },
] as const;
