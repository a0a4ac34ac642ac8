export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean difference of paired values and the standard error of that mean, as text: "−0.021 ± 0.004". */
export function againstControl(values, control) {
  const differences = values.map((value, i) => value - control[i]);
  const mean = meanOf(differences);
  const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (differences.length - 1);
  const sign = mean < 0 ? '−' : '+';
  return `${sign}${Math.abs(mean).toFixed(3)} ± ${Math.sqrt(variance / differences.length).toFixed(3)}`;
}
