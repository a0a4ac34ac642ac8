import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { saveCheckpoint } from '@opposable/training/node';
import { createHeatmapRun } from '../../heatmaps/heatmap-run.js';
import { afterStage, allVariables, createRun } from '../../run/hand-run.js';
import { loadRun, saveRun } from '../../run/run-checkpoint.js';
import { startRun } from '../../run/start-run.js';
import { exportNetwork } from './export-network.js';
import { layersModelFolder } from './layers-model-folder.js';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
const NETWORK = { encoder: 'mobilenet-half', inputSize: 32, inputNormalization: 'imagenet' } as const;

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-export-'));
  const run = afterStage(createRun(NETWORK, 1), 'pretrain', 7);
  await saveRun(at('run'), run);
  run.dispose();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function answer(model: LayersModel): Promise<Float32Array> {
  const rng = createRng('image');
  const image = tf.tensor4d(
    Float32Array.from({ length: 3072 }, () => rng.uniform(0, 1)),
    [1, 32, 32, 3],
  );
  const output = model.predict(image) as tf.Tensor;
  const values = (await output.data()) as Float32Array;
  tf.dispose([image, output]);
  return values;
}

/** Arrays of the world that Jest makes, not of that outside. */
const fetchHere = (async (...request: Parameters<typeof fetch>) => {
  const response = await fetch(...request);
  return {
    ok: response.ok,
    json: async () => JSON.parse(await response.text()) as unknown,
    arrayBuffer: async () => Uint8Array.from(Buffer.from(await response.arrayBuffer())).buffer,
  };
}) as typeof fetch;

async function expected(): Promise<Float32Array> {
  const run = await loadRun(at('run'));
  const values = await answer(run.model);
  run.dispose();
  return values;
}

describe('exportNetwork', () => {
  it('writes a LayersModel that loads from the folder and by its address, with the same answers', async () => {
    const said = await exportNetwork({ run: at('run'), out: at('layers/model.json') });
    expect(said).toMatch(/model\.json: hand-regressor-mobilenet-half, \d+ numbers in weights\.bin beside it$/);
    const server: Server = createServer((request, response) => {
      readFile(at('layers', request.url!.slice(1))).then(
        (bytes) => {
          const type = extname(request.url!) === '.json' ? 'application/json' : 'application/octet-stream';
          response.writeHead(200, { 'content-type': type }).end(bytes);
        },
        () => response.writeHead(404).end(),
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const address = tf.io.http(`http://127.0.0.1:${port}/model.json`, { fetchFunc: fetchHere });
      for (const from of [layersModelFolder(at('layers')), address]) {
        const model = await loadLayersModel(from);
        expect(await answer(model)).toEqual(await expected());
        expect(model.getUserDefinedMetadata()).toMatchObject({ network: NETWORK, stages: [{ name: 'pretrain' }] });
        model.dispose();
      }
    } finally {
      server.close();
    }
  }, 60_000);

  it('writes safetensors with which a new network starts as the old one was', async () => {
    expect(await exportNetwork({ run: at('run'), out: at('net.safetensors') })).toMatch(/with PyTorch's names/);
    const lines: string[] = [];
    const network = { encoder: 'mobilenet-half', inputSize: 32, pretrained: at('net.safetensors') } as const;
    const again = await startRun(network, 5, (line) => lines.push(line));
    expect(again.info.network).toMatchObject(NETWORK);
    expect(await answer(again.model)).toEqual(await expected());
    expect(lines[0]).toMatch(/Opposable's layout, \d+ tensors loaded, nothing left random, 0 not used/);
    again.dispose();
  }, 60_000);

  it('writes ONNX, with the mesh where that is asked for, of heat-map networks too', async () => {
    const said = await exportNetwork({ run: at('run'), out: at('net.onnx'), withMesh: true });
    expect(said).toMatch(
      /image \[batch, 32, 32, 3\] → parameters \[batch, 22\], keypoints_2d \[batch, 21, 2\], keypoints_3d \[batch, 21, 3\], vertices \[batch, 1159, 3\]; \d+ operations, 52 normalisations folded/,
    );
    expect(await exportNetwork({ run: at('run'), out: at('net.onnx'), foldBatchNormalization: false })).toMatch(
      /→ parameters \[batch, 22\]; \d+ operations, 0 normalisations folded/,
    );
    const network = { variant: 'small', inputSize: 32, normalization: { mean: [0, 0, 0], std: [1, 1, 1] } } as const;
    const coding = { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' } as const;
    const maps = createHeatmapRun(network, coding, 1);
    await saveCheckpoint(at('maps/checkpoint'), { variables: allVariables(maps.model), state: maps.info });
    maps.dispose();
    expect(await exportNetwork({ run: at('maps'), out: at('maps.onnx') })).toMatch(
      /image \[batch, 32, 32, 3\] → sigmoid \[batch, 16, 16, 21\]/,
    );
    await expect(exportNetwork({ run: at('maps'), out: at('maps.onnx'), withMesh: true })).rejects.toThrow(
      '--with-mesh is accepted only for a regressor, and ',
    );
  }, 60_000);

  it('refuses other names and folders, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await exportNetwork({ run: at('run'), out: at('again.onnx') });
    await expect(exportNetwork({ run: at('run'), out: at('net.pt') })).rejects.toThrow(
      'expected a file name that ends in model.json, .safetensors, .onnx, got ',
    );
    await expect(exportNetwork({ run: at('none'), out: at('net.onnx') })).rejects.toThrow(
      'expected a checkpoint folder',
    );
    await expect(exportNetwork({ run: at('run'), out: at('x.safetensors'), withMesh: true })).rejects.toThrow(
      '--with-mesh is accepted only for .onnx, got ',
    );
    const other = JSON.parse(await readFile(at('layers/model.json'), 'utf8')) as {
      weightsManifest: { paths: string[] }[];
    };
    other.weightsManifest[0]!.paths = ['../run/checkpoint/weights.safetensors'];
    await writeFile(at('layers/model.json'), JSON.stringify(other));
    await expect(loadLayersModel(layersModelFolder(at('layers')))).rejects.toThrow(
      'expected files of weights beside it',
    );
    expect(tf.memory().numTensors).toBe(before);
  }, 60_000);
});
