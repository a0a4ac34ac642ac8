export function poseCorrectives() {
  return Array.from({ length: 15 }, () => ({ vertices: [], values: [] }));
}
