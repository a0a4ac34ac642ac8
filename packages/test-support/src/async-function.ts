type AsyncFunctionConstructor = new (...parameters: string[]) => (...values: unknown[]) => Promise<void>;

/** The constructor of asynchronous functions, which has no global name. */
export const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as AsyncFunctionConstructor;
