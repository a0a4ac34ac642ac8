/** What is read of a `GPUAdapter`. */
export interface AdapterLike {
  /** Where older engines have it. */
  readonly isFallbackAdapter?: boolean | undefined;
  readonly info?:
    | {
        readonly vendor?: string;
        readonly architecture?: string;
        readonly device?: string;
        readonly description?: string;
        readonly isFallbackAdapter?: boolean;
      }
    | undefined;
}

export interface AdapterDescription {
  /** Vendor and architecture, as `nvidia hopper`; the description where they are empty. */
  readonly name: string;
  /** Whether it computes on the CPU: correct, and slower than the wasm backend. */
  readonly isSoftware: boolean;
}

/** Of drivers that do not call themselves fallback adapters. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|\bwarp\b/i;

/** Names an adapter, and says whether it is a graphics card or a program on the CPU. */
export function describeAdapter({ isFallbackAdapter, info = {} }: AdapterLike): AdapterDescription {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const name = [vendor, architecture].filter((part) => part !== '').join(' ') || description || device || 'unnamed';
  const isSoftware =
    isFallbackAdapter === true ||
    info.isFallbackAdapter === true ||
    SOFTWARE.test(`${architecture} ${device} ${description}`);
  return { name, isSoftware };
}
