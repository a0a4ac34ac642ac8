/**
 * The axis-angle vector of the same rotation that lies nearest to another vector: r·(1 + 2πk/‖r‖) for a whole k. What follows a
 * turning hand frame by frame jumps from π to −π otherwise.
 *
 * @param rotation axis-angle, radians
 * @param reference axis-angle, radians, for example of the frame before
 */
export function nearestAxisAngle(
  rotation: ArrayLike<number>,
  reference: ArrayLike<number>,
): [x: number, y: number, z: number] {
  const [x, y, z] = [rotation[0]!, rotation[1]!, rotation[2]!];
  const angle = Math.hypot(x, y, z);
  if (angle === 0) {
    // no rotation: a full turn about the reference's axis is none either
    const turned = Math.hypot(reference[0]!, reference[1]!, reference[2]!);
    const turns = turned === 0 ? 0 : (2 * Math.PI * Math.round(turned / (2 * Math.PI))) / turned;
    return [reference[0]! * turns, reference[1]! * turns, reference[2]! * turns];
  }
  // along its axis the reference lies at (r·reference)/‖r‖
  const along = (x * reference[0]! + y * reference[1]! + z * reference[2]!) / angle;
  const scale = (angle + 2 * Math.PI * Math.round((along - angle) / (2 * Math.PI))) / angle;
  return [x * scale, y * scale, z * scale];
}
