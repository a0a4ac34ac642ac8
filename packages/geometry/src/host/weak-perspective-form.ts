import { ConfigError } from '@opposable/tensor-checks';

/** `'translate-after-scale'`: t + s·X (3dhand). `'translate-before-scale'`: s·(X + t) (HMR, SPIN, CMR). */
export type WeakPerspectiveForm = 'translate-after-scale' | 'translate-before-scale';

/** The form, or the default; @throws ConfigError if it is unknown. */
export function checkWeakPerspectiveForm(
  form: WeakPerspectiveForm | undefined,
  operation: string,
): WeakPerspectiveForm {
  const chosen = form ?? 'translate-after-scale';
  const expected = ['translate-after-scale', 'translate-before-scale'];
  if (!expected.includes(chosen)) {
    throw new ConfigError(`${operation}: expected form to be one of ${expected.join(', ')}, got ${String(chosen)}.`, {
      expected,
      actual: chosen,
    });
  }
  return chosen;
}
