import { writeNpz, writeSafetensors } from '@opposable/array-files';
import { loadManoModel, manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import type { Page } from 'playwright-core';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { farthest, type HandJson, posed } from './test-support/expected-hand.js';
import { chromiumPath } from './test-support/open-browser.js';
import { downloadOf, dropFile } from './test-support/page-actions.js';

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';

(missing ? describe.skip : describe)(
  missing ? 'files of the hand view (skipped: no Chromium)' : 'files of the hand view',
  () => {
    let built: BuiltPage;
    let page: Page;
    const stage = () => page.getByRole('region', { name: '3D view' });
    const json = async () => JSON.parse((await downloadOf(page, 'JSON')).toString()) as HandJson;
    const asked: string[] = [];
    const link = '#hand?betas=1+-0.5+0.8&coefficients=0.6+-0.4+0.3';

    beforeAll(async () => {
      built = await openBuiltPage();
      page = await built.open(link);
      await page.waitForSelector('.speed:not(:empty)');
      page.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url())) asked.push(request.url());
      });
    });

    afterAll(async () => {
      await built?.close();
    });

    it('the GLB’s skinned and morphed mesh is that of loops, vertex by vertex', async () => {
      const hand = await json();
      const expected = posed(loadOpenHand('right'), hand);
      const evaluator = '../../../packages/mano-layer/src/test-support/skinned-glb.js';
      const { evaluateSkinnedGlb } = (await import(evaluator)) as {
        evaluateSkinnedGlb: (bytes: Uint8Array) => Promise<{ readonly vertices: number[] }>;
      };
      const shown = await evaluateSkinnedGlb(await downloadOf(page, 'GLB'));
      expect(farthest(shown.vertices, expected.vertices)).toBeLessThan(5e-6);
    });

    it.each(['npz', 'safetensors'] as const)('a file of MANO’s size as .%s is read and posed', async (kind) => {
      const maker = '../../../tools/install-check/mano-sized-pickle.mjs';
      const { manoSizedPickle } = (await import(maker)) as { manoSizedPickle: () => Uint8Array };
      const model = await loadManoModel(manoSizedPickle());
      const arrays = manoModelToArrays(model);
      const bytes = kind === 'npz' ? writeNpz(arrays) : writeSafetensors(arrays);
      await dropFile(stage(), `MANO_RIGHT.${kind}`, bytes);
      await page.getByText(`MANO_RIGHT.${kind}: a right hand, read in this page.`).waitFor();
      await page.getByLabel('β0 as a number').fill('-1.25');
      await page.keyboard.press('Enter');
      const hand = await json();
      expect(hand.model).toMatchObject({ name: `MANO_RIGHT.${kind}`, vertices: 778 });
      expect(hand.betas[0]).toBe(-1.25);
      expect(farthest(hand.joints.flat(), posed(model, hand).joints)).toBeLessThan(5e-6);
    });

    it('an HDF5 file is refused in words, without the code that would read it', async () => {
      await dropFile(stage(), 'model.h5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0));
      await page.getByText('model.h5: expected a hand model as .pkl, .npz or .safetensors, got a file of the format hdf5.').waitFor(); // prettier-ignore
      expect((await json()).model.name).toBe('MANO_RIGHT.safetensors');
    });

    it('nothing was thrown, and nothing was asked of any server after the page had loaded', () => {
      expect(asked).toEqual([]);
      expect(built.complaints).toEqual([]);
    });
  },
);
