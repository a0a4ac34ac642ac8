import { ConfigError } from '@opposable/tensor-checks';

/** Columns of a letter, and how far the next one stands. */
export const GLYPH_WIDTH = 5;
export const GLYPH_ADVANCE = 6;
/** Rows of a letter: seven above the baseline, two below. */
export const GLYPH_HEIGHT = 9;

/** The printable ASCII characters from the space on, drawn for this project: 16 to a band, a blank column between. */
const BANDS: readonly (readonly string[])[] = [
  [
    '        #    # #   # #    #   ##  #  ##     #      #   #                                      #',
    '        #    # #   # #   #### ##  # #  #    #     #     #     #     #                         #',
    '        #    # #  ##### # #      #  # #     #    #       #  # # #   #                        #',
    '        #          # #   ###    #    #           #       #   ###  #####       #####         #',
    '        #         #####   # #  #    # # #        #       #  # # #   #                      #',
    '                   # #  ####  #  ## #  #          #     #     #     #     ##         ##   #',
    '        #          # #    #   #  ##  ## #          #   #                  #          ##   #',
    '                                                                         #',
    '',
  ],
  [
    ' ###    #    ###   ###     #  #####   ##  #####  ###   ###                  #       #      ###',
    '#   #  ##   #   # #   #   ##  #      #        # #   # #   #  ##     ##     #         #    #   #',
    '#  ##   #       #     #  # #  ####  #        #  #   # #   #  ##     ##    #   #####   #       #',
    '# # #   #      #    ##  #  #      # ####    #    ###   ####              #             #     #',
    '##  #   #     #       # #####     # #   #   #   #   #     #               #   #####   #     #',
    '#   #   #    #    #   #    #  #   # #   #  #    #   #    #   ##     ##     #         #',
    ' ###   ###  #####  ###     #   ###   ###   #     ###   ##    ##     #       #       #       #',
    '                                                                   #',
    '',
  ],
  [
    ' ###    #   ####   ###  ###   ##### #####  ###  #   #  ###    ### #   # #     #   # #   #  ###',
    '#   #  # #  #   # #   # #  #  #     #     #   # #   #   #      #  #  #  #     ## ## ##  # #   #',
    '# ### #   # #   # #     #   # #     #     #     #   #   #      #  # #   #     # # # ##  # #   #',
    '# # # #   # ####  #     #   # ####  ####  # ### #####   #      #  ##    #     # # # # # # #   #',
    '# ### ##### #   # #     #   # #     #     #   # #   #   #      #  # #   #     #   # #  ## #   #',
    '#     #   # #   # #   # #  #  #     #     #   # #   #   #   #  #  #  #  #     #   # #  ## #   #',
    ' ###  #   # ####   ###  ###   ##### #      #### #   #  ###   ##   #   # ##### #   # #   #  ###',
    '',
    '',
  ],
  [
    '####   ###  ####   #### ##### #   # #   # #   # #   # #   # #####  ###  #      ###    #',
    '#   # #   # #   # #       #   #   # #   # #   # #   # #   #     #  #    #        #   # #',
    '#   # #   # #   # #       #   #   # #   # #   #  # #   # #     #   #     #       #  #   #',
    '####  #   # ####   ###    #   #   # #   # # # #   #     #     #    #      #      #',
    '#     # # # # #       #   #   #   #  # #  # # #  # #    #    #     #       #     #',
    '#     #  #  #  #      #   #   #   #  # #  ## ## #   #   #   #      #        #    #',
    '#      ## # #   # ####    #    ###    #   #   # #   #   #   #####  ###      #  ###',
    '                                                                                          #####',
    '',
  ],
  [
    ' #          #               #         ##        #       #      #  #      ##',
    '  #         #               #        #          #                 #       #',
    '   #   ###  ####   ###   ####  ###  ####   #### ####   ##     ##  #  #    #   ## #  ####   ###',
    '          # #   # #   # #   # #   #  #    #   # #   #   #      #  # #     #   # # # #   # #   #',
    '       #### #   # #     #   # #####  #    #   # #   #   #      #  ##      #   # # # #   # #   #',
    '      #   # #   # #   # #   # #      #    #   # #   #   #      #  # #     #   # # # #   # #   #',
    '       #### ####   ###   ####  ###   #     #### #   #  ###     #  #  #   ###  # # # #   #  ###',
    '                                              #             #  #',
    '                                           ###               ##',
  ],
  [
    '                         #                                           ##   #   ##',
    '                         #                                          #     #     #',
    '####   #### # ##   #### ####  #   # #   # #   # #   # #   # #####   #     #     #    #  #',
    '#   # #   # ##  # #      #    #   # #   # #   #  # #  #   #    #   #      #      #  # ##',
    '#   # #   # #      ###   #    #   # #   # # # #   #   #   #   #     #     #     #',
    '#   # #   # #         #  #  # #   #  # #  # # #  # #  #   #  #      #     #     #',
    '####   #### #     ####    ##   ####   #    # #  #   #  #### #####    ##   #   ##',
    '#         #                                               #               #',
    '#         #                                            ###',
  ],
];

const FIRST = 32;
const LAST = 126;
const PER_BAND = 16;

/** [95] the rows of each character, bit 4 is the left column. */
const GLYPHS: readonly Uint8Array[] = Array.from({ length: LAST - FIRST + 1 }, (_, index) => {
  const left = (index % PER_BAND) * GLYPH_ADVANCE;
  return Uint8Array.from(BANDS[Math.floor(index / PER_BAND)]!, (line) => {
    let bits = 0;
    for (let column = 0; column < GLYPH_WIDTH; column++) bits = bits * 2 + (line[left + column] === '#' ? 1 : 0);
    return bits;
  });
});

/**
 * The rows of one character, bit 4 is the left column.
 *
 * @throws ConfigError if it is not printable ASCII
 */
export function glyph(character: string): Uint8Array {
  const rows = GLYPHS[character.charCodeAt(0) - FIRST];
  if (rows === undefined) {
    throw new ConfigError(`drawText: expected printable ASCII characters, got ${JSON.stringify(character)}.`, {
      expected: 'U+0020 … U+007E',
      actual: character,
    });
  }
  return rows;
}
