import * as tf from '@tensorflow/tfjs-core';

// Notes. `tf.variableGrads` keeps every tensor that the forward pass has saved, and the gradient of every intermediate result, until
// the whole tape has been walked: a ResNet-18 step at batch 16 and 128 px held 1.6 times what it needs.

/** Gradients of the variables that the result depends on, by the name of the variable; all owned by the caller. */
export interface VariableGradients {
  value: tf.Scalar;
  grads: Record<string, tf.Tensor>;
}

/**
 * As `tf.variableGrads`, with the same numbers, but what the backward pass has used is freed as it goes: saved tensors and the
 * gradients of intermediate results. At no time do more than the saved tensors, the gradients of variables and those around one
 * operation exist together.
 *
 * @param f → scalar; runs in a `tf.tidy`. If it throws, what it has saved is freed
 * @param variables trainable ones; default all that exist
 * @throws Error of tfjs-core if the result is not a scalar or depends on no variable
 */
export function variableGradients(f: () => tf.Scalar, variables?: tf.Variable[]): VariableGradients {
  return tf.variableGrads(() => {
    let result;
    try {
      result = f();
    } catch (error) {
      for (const { saved } of tf.engine().state.activeTape ?? []) tf.dispose(saved ?? []);
      throw error;
    }
    // Inside a gradient of a gradient the tape is needed once more.
    if (tf.engine().state.gradientDepth === 1) freeOnTheWayBack(tf.engine().state.activeTape);
    return result;
  }, variables);
}

type Tape = ReturnType<typeof tf.engine>['state']['activeTape'];

/** Has every node of the tape free what the node walked before it has used up. */
function freeOnTheWayBack(tape: Tape): void {
  const seen = new WeakSet<tf.Tensor>();
  /** Given by several gradient functions, or given on as they came: left to the end of the walk. */
  const shared = new WeakSet<tf.Tensor>();
  let freeLast = (): void => undefined;
  for (const node of tape) {
    const gradient = node.gradient;
    if (gradient === undefined) continue;
    node.gradient = (dys) => {
      freeLast();
      const given = gradient(dys);
      const scope = tf.engine().state.activeScope?.id;
      freeLast = () => {
        // Only what the walk itself would free at its end: a gradient function may give a tensor that somebody else holds.
        for (const dy of dys) if (dy && dy.scopeId === scope && !dy.kept && !shared.has(dy)) dy.dispose();
        for (const tensor of node.saved ?? []) if (!seen.has(tensor)) tensor.dispose();
      };
      const noted = (dx: tf.Tensor): tf.Tensor => {
        if (seen.has(dx) || dys.includes(dx)) shared.add(dx);
        seen.add(dx);
        return dx;
      };
      return Object.fromEntries(Object.entries(given).map(([input, compute]) => [input, () => noted(compute())]));
    };
  }
}
