import { OPCODES } from './opcodes.js';
import { PickleMachine } from './pickle-machine.js';
import type { PickleContext, PyValue } from './py-values.js';
import { runOpcode } from './run-opcode.js';
import type { UnpickleOptions } from './unpickle-options.js';

/** Runs one pickle. Returns its value, not yet plain, where it ends, and the context for turning it into plain values. */
export function unpickle(
  bytes: Uint8Array,
  options: UnpickleOptions,
): { value: PyValue; end: number; context: PickleContext } {
  const machine = new PickleMachine(bytes, options);
  const { context, reader, stack } = machine;
  for (;;) {
    machine.opcodeAt = reader.position;
    const opcode = reader.uint8();
    if (opcode === OPCODES.STOP) break;
    runOpcode(machine, opcode);
  }
  const value = stack.pop();
  if (stack.length > 0) context.fail(`${stack.length} more values are left on the stack at the end`);
  return { value, end: reader.position, context };
}
