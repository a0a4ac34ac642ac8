/** TensorFlow's 'same': as many zeros as ⌈side/stride⌉ outputs need, the odd one behind. @returns [before, behind] */
export function samePadding(side: number, size: number, stride: number, dilation: number): [number, number] {
  const reach = (size - 1) * dilation + 1;
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + reach - side);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
