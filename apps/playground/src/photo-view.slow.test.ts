import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { encodePng, type RgbImage } from '@opposable/drawing';
import { streamSyntheticHands, synthesizeHand } from '@opposable/hand-synthesis';
import { type HandRun, type HeatmapRun, predictHand, type PredictedHand } from '@opposable/hand-training';
import { findHandOfSide } from '@opposable/hand-training/predict';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { inside, type Square } from './photo/square.js';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { keepPicture } from './test-support/keep-picture.js';
import { chromiumPath, openBrowser } from './test-support/open-browser.js';
import {
  areaOf,
  difference,
  downloadOf,
  dropFile,
  dropFiles,
  eventually,
  settled,
  skinMask,
  stillPicture,
  transferOf,
} from './test-support/page-actions.js';
import { exportedDetector, exportedRegressor, networkFiles } from './test-support/test-networks.js';
import { videoFile } from './test-support/video-file.js';

/** A folder with the two files of a network that was trained, for the picture of the documentation; empty: none. */
const trained = process.env['OPPOSABLE_PAGE_NETWORK'] ?? '';
const missing = chromiumPath === undefined && process.env['CI'] !== 'true';

/** The file that the photo view offers as JSON. */
interface PhotoJson {
  readonly image: string;
  readonly side: 'left' | 'right';
  readonly crop: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly keypoints_pixels: number[][];
  readonly hand_parameters_of_the_crop: number[];
}

/** A synthetic hand in a larger picture of another colour than skin. */
function handPicture(seed: number, width = 400, height = 300, side = 240): RgbImage {
  const { image } = synthesizeHand(createRng(seed), loadOpenHand('right'), { size: side });
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set([40, 70, 110], 3 * i);
  const [left, top] = [Math.round((width - side) / 2), Math.round((height - side) / 2)];
  for (let y = 0; y < side; y++) {
    data.set(image.data.subarray(y * side * 3, (y + 1) * side * 3), ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}

/** A PNG of a size that its few bytes do not tell: 400 million pixels of one bit. */
function enormousPng(): Uint8Array {
  const side = 20_000;
  const table = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c: number) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n)); // prettier-ignore
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const crc = ~body.reduce((c, byte) => table[(c ^ byte) & 255]! ^ (c >>> 8), -1) >>> 0;
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc);
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(side * (1 + side / 8)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** The vertices of an OBJ file in the axes of images. */
const verticesOf = (obj: Buffer): number[] =>
  obj
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('v '))
    .flatMap((line) => line.split(' ').slice(1, 4).map((text, i) => (i === 0 ? Number(text) : -Number(text)))); // prettier-ignore

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

(missing ? describe.skip : describe)(missing ? 'the photo view (skipped: no Chromium)' : 'the photo view', () => {
  let folder: string;
  let built: BuiltPage;
  let page: Page;
  let regressor: HandRun;
  let other: HandRun;
  let detector: HeatmapRun;
  let blind: HeatmapRun;
  const picture = handPicture(5);
  const stage = () => page.getByRole('region', { name: 'Picture' });
  const solid = () => page.getByRole('region', { name: '3D view' });
  const photos = () => page.getByRole('group', { name: 'Photos' }).getByRole('button');
  const alert = (text: RegExp) => page.getByRole('alert').filter({ hasText: text }).first().waitFor();
  const json = async (): Promise<PhotoJson> => JSON.parse((await downloadOf(page, 'JSON')).toString()) as PhotoJson;
  /**
   * The crops are the same bytes, cut by the same code; the network adds up the same float32 numbers in another order, since the
   * page may compute on another backend. In the 22 numbers pixels are the largest, in the mesh metres.
   */
  async function expectSame(found: PhotoJson, expected: PredictedHand): Promise<void> {
    expect(found.crop).toEqual(expected.crop);
    expect(farthest(found.hand_parameters_of_the_crop.slice(0, 3), expected.handParameters.slice(0, 3))).toBeLessThan(0.05); // prettier-ignore
    expect(farthest(found.hand_parameters_of_the_crop.slice(3), expected.handParameters.slice(3))).toBeLessThan(1e-3);
    expect(farthest(found.keypoints_pixels.flat(), expected.keypoints)).toBeLessThan(0.05);
    const vertices = verticesOf(await downloadOf(page, 'OBJ'));
    expect(vertices).toHaveLength(1159 * 3);
    expect(farthest(vertices, expected.vertices)).toBeLessThan(1e-4);
  }

  beforeAll(async () => {
    await prepareBackend('wasm');
    folder = await mkdtemp(join(tmpdir(), 'playground-photo-'));
    const at = async (name: string): Promise<string> => {
      await mkdir(join(folder, name));
      return join(folder, name);
    };
    regressor = await exportedRegressor(await at('small'), 'small', 96);
    other = await exportedRegressor(await at('mobilenet'), 'mobilenet-half', 64);
    detector = await exportedDetector(await at('maps'), 1);
    blind = await exportedDetector(await at('blind'), -1e6);
    const frames = [7, 8].map((seed) => handPicture(seed, 320, 240, 200));
    await writeFile(join(folder, 'hand.y4m'), videoFile(frames, 5));
    built = await openBuiltPage({
      network: join(folder, 'small'),
      flags: [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${join(folder, 'hand.y4m')}`,
      ],
    });
    page = await built.open('#photo');
    await page.getByText('small, 96 × 96 pixels, 0 training steps').waitFor();
  });

  afterAll(async () => {
    await built?.close();
    for (const run of [regressor, other, detector, blind]) run?.dispose();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('predicts the hand of a picture that is dropped, as predictHand does, and draws it over the picture and in 3D', async () => {
    await dropFile(stage(), 'hand.png', encodePng(picture));
    await page.getByText(/crop .* network .* mesh .* drawing .* ms on/).waitFor();
    await settled(page);
    const hand = await json();
    expect(hand).toMatchObject({ image: 'hand.png', side: 'right', crop: { x: 50, y: 0, width: 300, height: 300 } });
    await expectSame(hand, await predictHand(regressor.model, regressor.layer, picture));
    const glb = await downloadOf(page, 'GLB');
    expect(glb.subarray(0, 4).toString()).toBe('glTF');
    await eventually(async () => expect(areaOf(await skinMask(solid()))).toBeGreaterThan(0.04));
    // on a picture without skin the mesh is all of it
    const plain = { width: 400, height: 300, data: Uint8Array.from(picture.data, (_, i) => [40, 70, 110][i % 3]!) };
    await dropFile(stage(), 'plain.png', encodePng(plain));
    await photos().nth(1).waitFor();
    await eventually(async () => expect(areaOf(await skinMask(stage()))).toBeGreaterThan(0.01));
    await page.getByText('Mesh', { exact: true }).click();
    await eventually(async () => expect(areaOf(await skinMask(stage()))).toBeLessThan(0.002));
    await page.getByText('Mesh', { exact: true }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await photos().count()).toBe(1);
  });

  it('sees another crop when its square is dragged, resized, drawn anew, or moved by keys', async () => {
    const box = (await page.locator('canvas.picture').boundingBox())!;
    const scale = Math.min(box.width / 400, box.height / 300);
    const [left, top] = [box.x + (box.width - 400 * scale) / 2, box.y + (box.height - 300 * scale) / 2];
    const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      await page.mouse.move(left + scale * from[0], top + scale * from[1]);
      await page.mouse.down();
      await page.mouse.move(left + (scale * (from[0] + to[0])) / 2, top + (scale * (from[1] + to[1])) / 2);
      await page.mouse.move(left + scale * to[0], top + scale * to[1]);
      await page.mouse.up();
      await settled(page);
    };
    const before = await json();
    await drag([350, 300], [270, 220]); // the lower right corner
    const smaller = await json();
    expect(Math.abs(smaller.crop.width - 220)).toBeLessThanOrEqual(1);
    expect([smaller.crop.x, smaller.crop.y]).toEqual([50, 0]);
    expect(farthest(smaller.hand_parameters_of_the_crop, before.hand_parameters_of_the_crop)).toBeGreaterThan(1e-3);
    await expectSame(smaller, await predictHand(regressor.model, regressor.layer, picture, { crop: smaller.crop }));
    await drag([150, 100], [180, 130]); // as a whole
    const moved = await json();
    expect(Math.abs(moved.crop.x - 80)).toBeLessThanOrEqual(1);
    expect(Math.abs(moved.crop.y - 30)).toBeLessThanOrEqual(1);
    await drag([10, 60], [160, 180]); // another one, from outside
    const drawn = await json();
    expect(Math.abs(drawn.crop.x - 10)).toBeLessThanOrEqual(1);
    expect(Math.abs(drawn.crop.width - 150)).toBeLessThanOrEqual(1);
    await page.locator('canvas.picture').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', '-', 'Shift+ArrowLeft']) await page.keyboard.press(key);
    await settled(page);
    const { crop } = await json();
    const { x, y, width } = drawn.crop;
    expect(crop).toEqual({ x: x + 17, y: y + 12, width: width - 12, height: width - 12 });
    await page.locator('canvas.picture').focus();
    for (let i = 0; i < 60; i++) await page.keyboard.press('+');
    await settled(page);
    expect((await json()).crop).toMatchObject({ y: 0, width: 300, height: 300 });
  });

  it('shows a left hand by a switch: the mirror image is looked at, and the result mirrored', async () => {
    const { crop } = await json();
    await stillPicture(solid());
    const right = await skinMask(solid());
    await page.getByRole('button', { name: 'Left', exact: true }).click();
    await settled(page);
    const hand = await json();
    expect(hand.side).toBe('left');
    await expectSame(hand, await predictHand(regressor.model, regressor.layer, picture, { side: 'left', crop }));
    await eventually(async () => expect(difference(right, await skinMask(solid()))).toBeGreaterThan(0.1));
    await page.getByRole('button', { name: 'Right', exact: true }).click();
    await settled(page);
  });

  it('keeps several photos as a strip, pasted, chosen and dropped, and comes back to each', async () => {
    const transfer = await transferOf(page, { 'pasted.png': encodePng(handPicture(11)) });
    await page.evaluate((data) => {
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, transfer);
    await photos().nth(1).waitFor();
    const upright = await sharp(picture.data, { raw: { width: 400, height: 300, channels: 3 } })
      .jpeg()
      .withMetadata({ orientation: 6 }) // to be turned by a quarter when it is shown
      .toBuffer();
    await page.getByLabel('Pictures or networks').setInputFiles([
      { name: 'turned.jpg', mimeType: 'image/jpeg', buffer: upright },
      { name: 'fourth.png', mimeType: 'image/png', buffer: Buffer.from(encodePng(handPicture(12, 300, 240, 200))) },
    ]);
    await photos().nth(3).waitFor();
    await settled(page);
    expect((await json()).image).toBe('fourth.png');
    await photos().nth(2).click();
    expect(await json()).toMatchObject({ image: 'turned.jpg', crop: { x: 0, y: 50, width: 300, height: 300 } });
    await photos().nth(0).click();
    expect((await json()).image).toBe('hand.png');
    await photos().nth(0).focus();
    await page.keyboard.press('ArrowRight');
    expect((await json()).image).toBe('pasted.png');
    await photos().nth(1).focus();
    await page.keyboard.press('Delete');
    expect(await photos().count()).toBe(3);
    await photos().nth(2).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await photos().count()).toBe(2);
    await photos().nth(0).click();
  });

  it('takes another regressor, and a heat-map network that finds the hand, with its confidence', async () => {
    await page.getByRole('button', { name: 'Find the hand' }).click();
    await alert(/needs a heat-map network/);
    await dropFiles(stage(), await networkFiles(join(folder, 'mobilenet')));
    await page.getByText('model.json: a regressor, mobilenet-half, 64 × 64 pixels, 0 training steps.').waitFor();
    await settled(page);
    const { crop } = await json();
    await expectSame(await json(), await predictHand(other.model, other.layer, picture, { crop }));
    await dropFiles(stage(), await networkFiles(join(folder, 'maps')));
    await page.getByText('model.json: a heat-map network, small, 32 × 32 pixels, 0 epochs.').waitFor();
    await page.getByRole('button', { name: 'Find the hand' }).click();
    const said = await page.getByText(/Hand found: confidence [\d.]+, \d+ ms/).textContent();
    const found = await findHandOfSide(detector, picture, { side: 'right' });
    expect(Math.abs(Number(/[\d.]+/.exec(said!)![0]) - found.confidence)).toBeLessThan(0.011);
    await settled(page);
    const square: Square = inside({ ...found.crop, side: found.crop.width }, picture);
    const after = await json();
    expect(farthest([after.crop.x, after.crop.y, after.crop.width], [square.x, square.y, square.side])).toBeLessThanOrEqual(1); // prettier-ignore
    const { 'model.json': model, 'weights.bin': weights } = await networkFiles(join(folder, 'blind'));
    await dropFiles(stage(), { 'blind.json': model!, 'blind.bin': weights! });
    await page.getByText('blind.json: a heat-map network').waitFor();
    await page.getByRole('button', { name: 'Find the hand' }).click();
    await page.getByText(/No hand found: confidence 0\.00 of at least 0\.35/).waitFor();
    expect((await json()).crop).toEqual(after.crop);
  });

  it('refuses other files in words, and nothing changes', async () => {
    const before = await json();
    const { 'model.json': model, 'weights.bin': weights } = await networkFiles(join(folder, 'small'));
    const changed = (change: (value: Record<string, unknown>) => void): Uint8Array => {
      const value = JSON.parse(Buffer.from(model!).toString()) as Record<string, unknown>;
      change(value);
      return Buffer.from(JSON.stringify(value));
    };
    const drop = (files: Record<string, Uint8Array>) => dropFiles(stage(), files);
    await dropFile(stage(), 'hand.png', Buffer.from("cposix\nsystem\n(S'touch /tmp/opened'\ntR."));
    await alert(/hand\.png: expected a picture that the browser can show/);
    await dropFile(stage(), 'notes.txt', Buffer.from('no picture'));
    await alert(/notes\.txt: expected a picture/);
    await dropFile(stage(), 'enormous.png', enormousPng());
    await alert(/at most 64 million pixels, got 20000 × 20000/);
    await dropFile(stage(), 'dot.png', encodePng({ width: 4, height: 4, data: new Uint8Array(48) }));
    await alert(/at least 16 × 16 pixels, got 4 × 4/);
    await drop({ 'model.json': model! });
    await alert(/A network is two files, model\.json and weights\.bin.*got model\.json\./);
    await drop({ 'model.json': Buffer.from('{"a":'), 'weights.bin': weights! });
    await alert(/expected model\.json to be JSON/);
    await drop({ 'model.json': model!, 'weights.bin': weights!.subarray(0, 4000) });
    await alert(/expected weights\.bin of the \d+ bytes that model\.json speaks of, got 4000 bytes/);
    await drop({ 'model.json': changed((value) => delete value['userDefinedMetadata']), 'weights.bin': weights! });
    await alert(/expected a regressor or a heat-map network as `opposable export` writes it/);
    await drop({ 'model.json': changed((value) => ((value['userDefinedMetadata'] as { network: { inputSize: number } }).network.inputSize = 1 << 20)), 'weights.bin': weights! }); // prettier-ignore
    await alert(/images of at most 1024 pixels/);
    expect(await json()).toEqual(before);
    expect(await photos().count()).toBe(2);
  });

  it('looks at the frames of a camera, takes a photo, and lets go of it', async () => {
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      const streams: MediaStream[] = [];
      Object.assign(window, { streams });
      mediaDevices.getUserMedia = async (wishes) => {
        const stream = await ask(wishes);
        streams.push(stream);
        return stream;
      };
    });
    const states = () =>
      page.evaluate(
        () =>
        (window as unknown as { streams: MediaStream[] }).streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState)), // prettier-ignore
      );
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await page.getByText('Hold the hand into the square.').waitFor();
    await eventually(async () => expect((await json()).image).toBe('camera'));
    await eventually(async () => expect(areaOf(await skinMask(stage()))).toBeGreaterThan(0.01));
    expect(await states()).toEqual(['live']);
    await page.getByText('Smooth').click();
    await page.getByRole('button', { name: 'Take photo' }).click();
    await photos().nth(2).waitFor();
    expect(await states()).toEqual(['ended']);
    await settled(page);
    const taken = await json();
    expect(taken.image).toBe('camera 3');
    expect(taken.crop.width).toBe(taken.crop.height);
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await page.getByRole('button', { name: 'Stop camera' }).waitFor();
    await page.getByRole('link', { name: 'Fit' }).click(); // another view ends it too
    await page.getByText('Click keypoint 0').waitFor();
    expect(await states()).toEqual(['ended', 'ended']);
  });

  it('says in words that there is no network and no camera', async () => {
    const browser = await openBrowser(); // without the faked camera
    try {
      const bare = await browser.newPage();
      await bare.route('**/models/**', (route) => route.fulfill({ status: 404 }));
      await bare.goto(`${built.origin}/#photo`);
      await bare.getByText('`npm run demo` trains one').waitFor();
      await bare.getByRole('button', { name: 'Camera', exact: true }).click();
      await bare.getByRole('alert').filter({ hasText: /There is no camera\.|did not allow the camera/ }).waitFor(); // prettier-ignore
      await dropFile(bare.getByRole('region', { name: 'Picture' }), 'hand.png', encodePng(picture));
      await bare.getByRole('group', { name: 'Photos' }).getByRole('button').waitFor();
      expect(await bare.getByRole('button', { name: 'JSON' }).isDisabled()).toBe(true);
    } finally {
      await browser.close();
    }
  });

  (trained === '' ? it.skip : it)('predicts with the network that OPPOSABLE_PAGE_NETWORK names', async () => {
    const shown = await built.open('#photo');
    const place = shown.getByRole('region', { name: 'Picture' });
    await dropFiles(place, await networkFiles(trained));
    await shown.getByRole('button', { name: 'Close' }).click();
    const hands = streamSyntheticHands({ model: loadOpenHand('right'), seed: 1, count: 4, size: 240, preset: 'demo' });
    for (const { image } of hands) await dropFile(place, 'hand.png', encodePng(image));
    const strip = shown.getByRole('group', { name: 'Photos' }).getByRole('button');
    await strip.nth(3).waitFor();
    await strip.nth(1).click();
    await settled(shown);
    await eventually(async () => expect(areaOf(await skinMask(shown.getByRole('region', { name: '3D view' })))).toBeGreaterThan(0.04)); // prettier-ignore
    await keepPicture(shown, 'playground-photo');
    await shown.close();
  });

  it('fits a phone, dark, and asks for nothing after it has loaded', async () => {
    const phone = await built.open('#photo', { width: 390, height: 844 }, true);
    await phone.getByText('small, 96 × 96 pixels').waitFor();
    const asked: string[] = [];
    phone.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url())) asked.push(request.url());
    });
    await dropFile(phone.getByRole('region', { name: 'Picture' }), 'hand.png', encodePng(picture));
    await phone.getByText(/ms on/).waitFor();
    await phone.getByRole('link', { name: 'Fit' }).click();
    await phone.getByRole('link', { name: 'Photo' }).click();
    await phone.getByRole('group', { name: 'Photos' }).getByRole('button').waitFor();
    const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(asked).toEqual([]);
    expect(built.complaints).toEqual([]);
  });
});
