/** Texts (one byte a character) and bytes, one after the other. */
export function concatenated(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  );
}

/** As many copies as fill the size. */
export const filling = (piece: string, size: number): Uint8Array => {
  const unit = Buffer.from(piece, 'latin1');
  return Buffer.alloc(Math.floor(size / unit.length) * unit.length, unit);
};

/** Pieces that all differ, as many as fill the size. */
export const counting = (piece: (i: number) => string, size: number): Uint8Array => {
  const pieces: string[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    pieces.push(piece(i));
    length += pieces.at(-1)!.length;
  }
  return Buffer.from(pieces.join(''), 'latin1');
};

/** A number in four bytes, little-endian, or as five letters. */
export const four = (i: number): string => String.fromCharCode(i & 255, (i >> 8) & 255, (i >> 16) & 255, i >>> 24);
export const letters = (i: number): string =>
  Array.from({ length: 5 }, (_, k) => String.fromCharCode(97 + (Math.floor(i / 26 ** k) % 26))).join('');

const F8 = "cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbp1\n0";
const NDARRAY = 'cnumpy\nndarray\np2\n0cnumpy.core.multiarray\n_reconstruct\np3\n0';

/** Levels that each hold the one before twice. */
const doubling = (make: (below: number) => string, levels: number): string =>
  Array.from({ length: levels }, (_, i) => `${make(i)}p${i + 1}\n0`).join('');

/** Pickles of about this many bytes. */
export function greedyPickles(size: number): Readonly<Record<string, Uint8Array>> {
  const count = size / 2 / 8;
  /** Half the size of zeros, remembered at 0. */
  const zeros = (): Uint8Array => concatenated('T', four(size / 2), new Uint8Array(size / 2), 'p0\n0');
  const copies = (piece: string): Uint8Array => filling(piece, size / 2);
  const many = (piece: string): Uint8Array => concatenated('(', filling(piece, size), 't.');
  const manyOf = (start: string, piece: string): Uint8Array => concatenated(start, '(', filling(piece, size), 't.');
  return {
    'lists, each remembered': many(']\x94'),
    'lists of one': many(']Na'),
    'dicts of one text': manyOf('X\x01\x00\x00\x00kq\x000', '}h\x00Ns'),
    'dicts of keys of their own': concatenated(
      '(',
      counting((i) => `}U\x05${letters(i)}Ns`, size),
      't.',
    ),
    'a dict of many keys': concatenated(
      '}(',
      counting((i) => `U\x05${letters(i)}N`, size),
      'u.',
    ),
    'dicts by None': many('}NNs'),
    'sets of one': many('\x8f(N\x90'),
    nones: many('N'),
    'nones in one list': concatenated(']', filling(`(${'N'.repeat(1000)}e`, size), '.'),
    'short texts': many('\x8c\x02ab'),
    'short texts of Python 2': many('U\x02ab'),
    'quoted texts': many("S'a'\n"),
    'quoted texts with escapes': many("S'\\n'\n"),
    'lists that are read again': concatenated(
      '(',
      counting((i) => `]\x94j${four(i)}`, size),
      't.',
    ),
    'lists twice': many(']2'),
    floats: many('G?\xf1\x11\x11\x11\x11\x11\x11'),
    'large numbers': many('\x8a\x08\x11\x11\x11\x11\x11\x11\x11\x11'),
    'arrays of one number': manyOf(
      `${F8}${NDARRAY}(g2\n(I0\ntS'b'\ntp4\n0(I1\n(I1\ntg1\nI00\nS'abcdefgh'\ntp5\n0`,
      'h\x03h\x04Rh\x05b',
    ),
    'complex numbers': manyOf('c__builtin__\ncomplex\np1\n0(K\x01K\x01tp2\n0', 'h\x01h\x02R'),
    'ordered dicts': manyOf('ccollections\nOrderedDict\np1\n0', 'h\x01)R'),
    'sets made by a call': manyOf('c__builtin__\nset\np1\n0', 'h\x01)R'),
    'bytes made by a call': manyOf('c__builtin__\nbytes\np1\n0', 'h\x01)R'),
    'empty dicts': concatenated('(', filling('}', size), 't.'),
    'empty lists': concatenated('(', filling(']', size), 't.'),
    'empty sets': concatenated('\x80\x04(', filling('\x8f', size), 't.'),
    'empty texts': concatenated('(', filling('U\x00', size), 't.'),
    'empty bytes': concatenated('(', filling('C\x00', size), 't.'),
    'tuples of one': concatenated('(', filling('N\x85', size), 't.'),
    'dicts of one': concatenated('(', filling('}K\x01Ns', size), 't.'),
    marks: concatenated(filling('(', size), '.'),
    'lists in lists': concatenated(filling(']', size / 2), filling('a', size / 2 - 1), '.'),
    'tuples in tuples': concatenated('N', filling('\x85', size), '.'),
    'memo entries': concatenated('N', filling('\x94', size), '.'),
    'arrays over the same bytes': concatenated(
      zeros(),
      F8,
      NDARRAY,
      '(',
      copies(`g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\ntg1\nI00\ng0\ntb`),
      't.',
    ),
    'bytes from the same text': concatenated(
      'X',
      new Uint8Array(new Uint32Array([size / 2]).buffer),
      copies('a'),
      'p0\n0(',
      copies('c_codecs\nencode\n(g0\nVlatin1\ntR'),
      't.',
    ),
    'sets of the same list': concatenated('(', copies('N'), 'lp0\n0(', copies('c__builtin__\nset\n(g0\ntR'), 't.'),
    'dicts by the same long key': concatenated(zeros(), '(', copies('}g0\nNs'), 't.'),
    'a billion laughs': concatenated(
      '(Nlp0\n0',
      doubling((below) => `(g${below}\ng${below}\nl`, 60),
      'g60\n.',
    ),
    'a billion laughing sets': concatenated(
      '(Nlp0\n0',
      doubling((below) => `(c__builtin__\nset\n(g${below}\ntRc__builtin__\nset\n(g${below}\ntRl`, 60),
      'g60\n.',
    ),
    'sums of the same numbers': concatenated(
      zeros(),
      F8,
      NDARRAY,
      `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\ntg1\nI00\ng0\ntbp4\n0(`,
      copies("cchumpy.ch_ops\nsum\n)\x81(dS'x'\ng4\nsb"),
      't.',
    ),
    'matrices of the same long list of names': concatenated(
      '(',
      copies('NN'),
      'dp0\n0(',
      copies('cscipy.sparse.csc\ncsc_matrix\n)\x81g0\nb'),
      't.',
    ),
    'joints of the same long list of parts': concatenated(
      '(',
      copies("S'a'\n"),
      'lp0\n0(',
      copies("cchumpy.reordering\nConcatenate\n)\x81(dS'dterms'\ng0\nsS'a'\nI1\nsb"),
      't.',
    ),
    'arrays of the same long shape': concatenated(
      F8,
      NDARRAY,
      '(',
      copies('I1\n'),
      'tp0\n0(',
      copies("g3\n(g2\n(I0\ntS'b'\ntR(I1\ng0\ng1\nI00\nS''\ntb"),
      't.',
    ),
    'sums of rows and columns': concatenated(
      zeros(),
      F8,
      NDARRAY,
      `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\nI1\ntg1\nI00\ng0\ntbp4\n0g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I1\nI${count}\ntg1\nI00\ng0\ntbp5\n0`,
      "cchumpy.ch_ops\nadd\n)\x81(dS'a'\ng4\nsS'b'\ng5\nsb.",
    ),
    'products of rows and columns': concatenated(
      zeros(),
      F8,
      NDARRAY,
      `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\nI1\ntg1\nI00\ng0\ntbp4\n0g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I1\nI${count}\ntg1\nI00\ng0\ntbp5\n0`,
      "cchumpy.ch_ops\ndot\n)\x81(dS'a'\ng4\nsS'b'\ng5\nsb.",
    ),
  };
}

/** What refuses some of the pickles; the others are read where they are small, and refused for their size where not. */
export const PICKLE_MESSAGES: Readonly<Record<string, RegExp>> = {
  marks: /the stack is empty/,
  'lists in lists': /nested deeper than 400 levels|the objects of the file take more than/,
  'arrays over the same bytes': /the (contents|objects of the file) take more than/,
  'bytes from the same text': /the (contents|objects of the file) take more than/,
  'sums of the same numbers': /the (contents|objects of the file) take more than/,
  'matrices of the same long list of names': /the (contents|objects of the file) take more than/,
  'joints of the same long list of parts': /are joined along axis 0|the (contents|objects of the file) take more than/,
  'arrays of the same long shape': /an array has the shape a list or tuple/,
  'sums of rows and columns': /the (contents|objects of the file) take more than/,
  'products of rows and columns': /the (contents|objects of the file) take more than/,
  'a billion laughs': /unfold to more than 1000000 values/,
  'a billion laughing sets': /unfold to more than 1000000 values/,
};
