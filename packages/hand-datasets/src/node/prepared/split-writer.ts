import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** A text file written in order, which makes the writer wait when the disk is slower. */
class TextFile {
  readonly #stream: WriteStream;
  #pending: string[] = [];
  #pendingLength = 0;
  #failure: unknown;

  constructor(path: string) {
    this.#stream = createWriteStream(path);
    this.#stream.on('error', (error) => (this.#failure = error));
  }

  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength > 1 << 18) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure as Error;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#pendingLength = 0;
    if (text.length > 0 && !this.#stream.write(text)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    await this.#flush();
    this.#stream.end();
    await finished(this.#stream);
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

/** Streams a split's COCO file: one record per line, images and annotations in two parts that `close` joins. */
export class SplitWriter {
  readonly #path: string;
  readonly #images: TextFile;
  readonly #annotations: TextFile;
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
    this.#images = new TextFile(`${path}.images.part`);
    this.#annotations = new TextFile(`${path}.annotations.part`);
  }

  async add(image: unknown, annotation: unknown): Promise<void> {
    const separator = this.#lines++ === 0 ? '' : ',\n';
    await this.#images.write(separator + JSON.stringify(image));
    await this.#annotations.write(separator + JSON.stringify(annotation));
  }

  /** @returns the SHA-256 of the finished file */
  async close(categories: unknown): Promise<string> {
    await this.#images.close();
    await this.#annotations.close();
    const hash = createHash('sha256');
    const output = createWriteStream(this.#path);
    const write = async (chunk: string | Buffer): Promise<void> => {
      hash.update(chunk);
      if (!output.write(chunk)) await once(output, 'drain');
    };
    await write('{"images":[\n');
    for await (const chunk of createReadStream(`${this.#path}.images.part`)) await write(chunk as Buffer);
    await write('\n],\n"annotations":[\n');
    for await (const chunk of createReadStream(`${this.#path}.annotations.part`)) await write(chunk as Buffer);
    await write(`\n],\n"categories":${JSON.stringify(categories)}}\n`);
    output.end();
    await finished(output);
    await rm(`${this.#path}.images.part`);
    await rm(`${this.#path}.annotations.part`);
    return hash.digest('hex');
  }

  destroy(): void {
    this.#images.destroy();
    this.#annotations.destroy();
  }
}
