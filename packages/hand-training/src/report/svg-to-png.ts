import sharp from 'sharp';

/** An SVG document drawn as PNG, with twice as many pixels as it is large. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  return new Uint8Array(await sharp(Buffer.from(svg), { density: 144 }).png().toBuffer());
}
