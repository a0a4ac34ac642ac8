import { element } from '../dom.js';

/** A curve of the losses of a run on a logarithmic scale, drawn as it grows. */
export function lossCurve(): { readonly root: HTMLElement; show(losses: readonly number[]): void } {
  const [width, height] = [340, 110];
  const canvas = element('canvas', { width: 2 * width, height: 2 * height, class: 'curve', role: 'img', 'aria-label': 'Loss curve' }); // prettier-ignore
  const context = canvas.getContext('2d')!;
  context.scale(2, 2);
  const show = (losses: readonly number[]): void => {
    context.clearRect(0, 0, width, height);
    if (losses.length < 2) return;
    const logs = losses.map((loss) => Math.log10(Math.max(loss, 1e-9)));
    const [low, high] = [Math.min(...logs), Math.max(...logs)];
    const yOf = (log: number): number => 8 + ((high - log) / Math.max(high - low, 1e-9)) * (height - 26);
    const style = getComputedStyle(canvas);
    context.strokeStyle = style.outlineColor;
    context.lineWidth = 2;
    context.beginPath();
    logs.forEach((log, i) => context.lineTo(4 + (i / (logs.length - 1)) * (width - 8), yOf(log)));
    context.stroke();
    context.fillStyle = style.color;
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'right';
    context.fillText((10 ** high).toPrecision(3), width - 4, 16);
    context.textAlign = 'left';
    context.fillText(`${losses.length} steps, loss ${losses.at(-1)!.toPrecision(3)}`, 4, height - 4);
  };
  return { root: canvas, show };
}
