import * as tf from '@tensorflow/tfjs-core';

/** Its kernel of TensorFlow.js 4.22.0 leaves every image of a batch but the first black. */
const FIRST_IMAGE_ONLY = 'cpu';

/**
 * `tf.image.transform(image, transforms, 'bilinear', 'constant', 0, size)` also where the backend has no kernel for it, as
 * TensorFlow's own library in Node, or a wrong one: bilinear sampling at (a0·x + a1·y + a2, b0·x + b1·y + b2), black beyond the border.
 *
 * @param image [B, H, W, C]
 * @param transforms [B, 8] rows a0, a1, a2, b0, b1, b2, 0, 0, from pixels of the result to pixels of the image
 * @returns [B, side, side, C], without a gradient
 */
export function transformImage(image: tf.Tensor4D, transforms: tf.Tensor2D, side: number): tf.Tensor4D {
  const backend = tf.getBackend();
  if (tf.getKernel('Transform', backend) !== undefined && (image.shape[0] === 1 || backend !== FIRST_IMAGE_ONLY)) {
    return tf.image.transform(image, transforms, 'bilinear', 'constant', 0, [side, side]);
  }
  return tf.tidy(() => {
    const [batch, height, width, channels] = image.shape;
    const grid = Float32Array.from({ length: side * side * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return i % 3 === 2 ? 1 : i % 3 === 0 ? pixel % side : Math.floor(pixel / side);
    });
    const affine = tf.reshape(tf.slice(transforms, [0, 0], [batch, 6]), [batch * 2, 3]);
    const places = tf.reshape(tf.matMul(affine, tf.tensor2d(grid, [side * side, 3]), false, true), [batch, 2, -1]);
    const [x, y] = tf.unstack(places, 1) as [tf.Tensor2D, tf.Tensor2D]; // [B, side²]
    const pixels = tf.reshape(image, [batch * height * width, channels]);
    const rows = tf.mul(tf.range(0, batch, 1, 'float32'), height * width);
    const [left, top] = [tf.floor(x), tf.floor(y)];
    const corner = (dx: number, dy: number): tf.Tensor => {
      const [column, row] = [tf.add(left, dx), tf.add(top, dy)];
      const weight = tf.mul(tf.sub(1, tf.abs(tf.sub(x, column))), tf.sub(1, tf.abs(tf.sub(y, row))));
      const inside = tf.logicalAnd(
        tf.logicalAnd(tf.greaterEqual(column, 0), tf.lessEqual(column, width - 1)),
        tf.logicalAnd(tf.greaterEqual(row, 0), tf.lessEqual(row, height - 1)),
      );
      const at = tf.add(
        tf.add(tf.mul(tf.clipByValue(row, 0, height - 1), width), tf.clipByValue(column, 0, width - 1)),
        tf.reshape(rows, [batch, 1]),
      );
      const values = tf.gather(pixels, tf.reshape(tf.cast(at, 'int32'), [-1])); // [B·side², C]
      return tf.mul(values, tf.reshape(tf.mul(weight, tf.cast(inside, 'float32')), [-1, 1]));
    };
    return tf.reshape(tf.addN([corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)]), [batch, side, side, channels]);
  });
}
