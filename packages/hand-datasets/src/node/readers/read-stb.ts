import { ConfigError } from '@opposable/tensor-checks';
import { z } from 'zod';
import { dropRecord } from '../../records.js';
import { parseStbFrame, parseStbLabels, STB_CAMERAS, STB_IMAGE_NAMES, STB_SEQUENCES } from '../../readers/parse-stb.js';
import { recordOr } from '../../readers/values.js';
import { decodeFile } from './decode-file.js';
import { defineReader } from './define-reader.js';
import { surplusPictures } from './surplus-pictures.js';

const FRAMES = 1500;

const OPTIONS = z.object({
  split: z.enum(['train', 'val', 'test', 'all']).default('all'),
  protocol: z.enum(['standard', 'validation']).default('standard'),
  cameras: z.array(z.enum(STB_CAMERAS)).min(1).default(['bb-left', 'bb-right']),
  root: z.enum(['wrist', 'palm']).default('wrist'),
});

/** Backgrounds of each split; the 'validation' protocol takes B2 out of the training part. */
const SPLITS = {
  standard: { train: '23456', val: '', test: '1', all: '123456' },
  validation: { train: '3456', val: '2', test: '1', all: '123456' },
} as const;

/**
 * The Stereo Hand Pose Tracking Benchmark from the folder with labels/ and images/ (or the sequences beside labels/).
 *
 * `split`: 'train', 'val', 'test' or 'all' (default) of `protocol` 'standard' (test B1, training the rest) or 'validation'
 * (val B2, training B3–B6). `cameras`: 'bb-left' and 'bb-right' by default, also 'sk-color' and 'sk-depth' (whose picture
 * is the coded depth: red + 256 · green, mm). `root`: 'wrist' (default) replaces the labelled palm centre by
 * 2 · palm − ring knuckle, 'palm' keeps it.
 */
export const readStb = defineReader({
  name: 'stb',
  options: OPTIONS,
  async *records(folder, { split, protocol, cameras, root }) {
    await folder.find(['labels'], 'the labels');
    const backgrounds = SPLITS[protocol][split];
    if (backgrounds === '') {
      throw new ConfigError(
        "readers['stb']: expected the protocol 'validation' with the split 'val', got 'standard'.",
        {
          expected: 'validation',
          actual: protocol,
        },
      );
    }
    for (const [place, sequence] of STB_SEQUENCES.entries()) {
      if (!backgrounds.includes(sequence[1]!)) continue;
      const images = (await folder.has(`images/${sequence}`)) ? `images/${sequence}` : sequence;
      for (const kind of ['BB', 'SK'] as const) {
        const wanted = cameras.filter((camera) => camera.startsWith(kind.toLowerCase()));
        if (wanted.length === 0) continue;
        const labels = `labels/${sequence}_${kind}.mat`;
        let frames: Float64Array[];
        try {
          frames = await decodeFile(folder, labels, (bytes) => parseStbLabels(bytes, labels));
        } catch (cause) {
          yield dropRecord('unreadable annotation', labels, (cause as Error).message);
          continue;
        }
        for (const camera of wanted) {
          const first = (place * STB_CAMERAS.length + STB_CAMERAS.indexOf(camera)) * FRAMES;
          yield frames.map((points, frame) =>
            recordOr(`${labels}: frame ${frame}`, () =>
              parseStbFrame(points, { sequence, camera, frame, labels, images, index: first + frame, root }),
            ),
          );
          const names = new RegExp(`^${STB_IMAGE_NAMES[camera]}_\\d+\\.png$`);
          yield await surplusPictures(folder, { folder: images, names, annotated: frames.length, where: labels });
        }
      }
    }
  },
});
