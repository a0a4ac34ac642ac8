import { type HandRun, type HeatmapRun, loadNetwork } from '@opposable/hand-training/predict';
import { ConfigError } from '@opposable/tensor-checks';

/** A network and where it came from. */
export interface Named<Run> {
  readonly name: string;
  readonly run: Run;
}

/** The two files of a network. */
export interface NetworkFiles {
  readonly name: string;
  readonly json: string;
  readonly weights: Uint8Array;
}

const MOST_BYTES = 512 * 2 ** 20;

export const isNetworkFile = ({ name }: File): boolean => /\.(json|bin)$/i.test(name);

/** Reads the files of one network that were dropped or chosen together. */
export async function readNetworkFiles(files: readonly File[]): Promise<NetworkFiles> {
  const [json, weights] = ['.json', '.bin'].map((end) => files.filter(({ name }) => name.toLowerCase().endsWith(end)));
  if (json!.length !== 1 || weights!.length !== 1) {
    throw new ConfigError(
      `A network is two files, model.json and weights.bin: drop or choose both together, got ${files.map(({ name }) => name).join(', ')}.`,
      { expected: ['model.json', 'weights.bin'], actual: files.length },
    );
  }
  const large = files.find(({ size }) => size > MOST_BYTES);
  if (large !== undefined) {
    throw new ConfigError(`${large.name}: expected a network of at most 512 MiB, got ${Math.round(large.size / 2 ** 20)} MiB.`); // prettier-ignore
  }
  const [text, bytes] = await Promise.all([json![0]!.text(), weights![0]!.arrayBuffer()]);
  return { name: json![0]!.name, json: text, weights: new Uint8Array(bytes) };
}

/** The network that lies beside the page, as `npm run demo` leaves it; undefined where there is none. */
export async function fetchOwnNetwork(): Promise<NetworkFiles | undefined> {
  const [json, weights] = await Promise.all(
    ['model.json', 'weights.bin'].map((name) => fetch(`./models/regressor/${name}`).catch(() => undefined)),
  );
  if (json?.ok !== true || weights?.ok !== true) return undefined;
  return { name: 'the demo’s', json: await json.text(), weights: new Uint8Array(await weights.arrayBuffer()) };
}

/** The networks of the page: at most one regressor and one that finds hands. They stay when the view is closed. */
export class Networks {
  regressor: Named<HandRun> | undefined;
  detector: Named<HeatmapRun> | undefined;
  #own: NetworkFiles | undefined;

  /** @param own the page's own network, read but not built yet */
  constructor(own: NetworkFiles | undefined) {
    this.#own = own;
  }

  /** Builds the page's own network, the first time. */
  prepare(): void {
    const own = this.#own;
    this.#own = undefined;
    if (own !== undefined && this.regressor === undefined) this.use(own);
  }

  /**
   * Takes a network in the place of the one of its kind.
   *
   * @returns what it is, a sentence
   * @throws FileFormatError for other files; nothing has changed then
   */
  use({ name, json, weights }: NetworkFiles): string {
    const loaded = loadNetwork(json, weights);
    if (loaded.kind === 'regressor') {
      this.regressor?.run.dispose();
      this.regressor = { name, run: loaded.run };
      return `${name}: a regressor, ${regressorLine(loaded.run)}.`;
    }
    this.detector?.run.dispose();
    this.detector = { name, run: loaded.run };
    return `${name}: a heat-map network, ${detectorLine(loaded.run)}.`;
  }
}

const iterations = (run: HandRun): number => run.info.stages.reduce((sum, stage) => sum + stage.iterations, 0);

export function regressorLine(run: HandRun): string {
  const { encoder, inputSize } = run.info.network;
  return `${encoder}, ${inputSize} × ${inputSize} pixels, ${iterations(run)} training steps`;
}

export function detectorLine({ info }: HeatmapRun): string {
  const { variant, inputSize } = info.network;
  return `${variant}, ${inputSize} × ${inputSize} pixels, ${info.epochs} epochs`;
}
