import { OBJECT_BYTES } from '../core/allowance.js';
import { utf8 } from './byte-reader.js';
import { HIGHEST_PROTOCOL, OPCODES } from './opcodes.js';
import type { PickleMachine } from './pickle-machine.js';
import { NO_VALUES, PyDict, PySet, textOf } from './py-values.js';
import { parseDecimal, parseFloatLine, parseLong, parseQuoted } from './text-operands.js';

/** What one opcode does. @throws FileFormatError naming its place, for one that is refused or finds what it cannot use */
export function runOpcode(machine: PickleMachine, opcode: number): void {
  const { reader, stack, context } = machine;
  switch (opcode) {
    case OPCODES.PROTO: {
      const protocol = reader.uint8();
      if (protocol > HIGHEST_PROTOCOL) {
        context.fail(`the pickle has protocol ${protocol}, accepted are 0 to ${HIGHEST_PROTOCOL}`, {
          expected: HIGHEST_PROTOCOL,
          actual: protocol,
        });
      }
      return;
    }
    case OPCODES.FRAME: {
      const length = reader.uint64();
      if (length > reader.bytes.length - reader.position) {
        context.fail(`a frame is declared ${length} bytes long, the file has less left`);
      }
      return;
    }

    case OPCODES.MARK:
      return stack.mark();
    case OPCODES.POP:
      return stack.drop();
    case OPCODES.POP_MARK:
      stack.popMark();
      return;
    case OPCODES.DUP:
      context.share(stack.top());
      return stack.push(stack.top());

    case OPCODES.NONE:
      return stack.push(null);
    case OPCODES.NEWTRUE:
      return stack.push(true);
    case OPCODES.NEWFALSE:
      return stack.push(false);
    case OPCODES.BININT:
      return stack.push(reader.int32());
    case OPCODES.BININT1:
      return stack.push(reader.uint8());
    case OPCODES.BININT2:
      return stack.push(reader.uint16());
    case OPCODES.LONG1:
      return machine.number(parseLong(reader.take(reader.uint8())));
    case OPCODES.LONG4:
      return machine.number(parseLong(reader.take(reader.uint32())));
    case OPCODES.INT:
      return machine.number(parseDecimal(reader.line()));
    case OPCODES.LONG:
      return machine.number(machine.lineInteger());
    case OPCODES.FLOAT:
      return machine.number(parseFloatLine(reader.line()));
    case OPCODES.BINFLOAT:
      return machine.number(reader.float64BigEndian());

    case OPCODES.STRING: {
      const bytes = parseQuoted(reader.line());
      if (bytes === undefined) return context.fail('a quoted string is malformed');
      return machine.quoted(bytes);
    }
    case OPCODES.BINSTRING:
      return machine.pushBytes(reader.uint32(), true);
    case OPCODES.SHORT_BINSTRING:
      return machine.pushBytes(reader.uint8(), true);
    case OPCODES.UNICODE:
      return machine.rawText(reader.line());
    case OPCODES.BINUNICODE:
      return machine.text(reader.take(reader.uint32()));
    case OPCODES.SHORT_BINUNICODE:
      return machine.text(reader.take(reader.uint8()));
    case OPCODES.BINUNICODE8:
      return machine.text(reader.take(reader.uint64()));
    case OPCODES.BINBYTES:
      return machine.pushBytes(reader.uint32(), false);
    case OPCODES.SHORT_BINBYTES:
      return machine.pushBytes(reader.uint8(), false);
    case OPCODES.BINBYTES8:
    case OPCODES.BYTEARRAY8:
      return machine.pushBytes(reader.uint64(), false);

    case OPCODES.EMPTY_TUPLE:
      return stack.push(NO_VALUES);
    case OPCODES.EMPTY_LIST:
      return machine.pushList([]);
    case OPCODES.TUPLE:
    case OPCODES.LIST:
      return machine.pushList(stack.popMark());
    case OPCODES.TUPLE1:
      return machine.pushTuple(1);
    case OPCODES.TUPLE2:
      return machine.pushTuple(2);
    case OPCODES.TUPLE3:
      return machine.pushTuple(3);
    case OPCODES.APPEND:
      return machine.append(stack.popMany(1));
    case OPCODES.APPENDS:
      return machine.append(stack.popMark());

    case OPCODES.EMPTY_DICT:
      return machine.pushDict();
    case OPCODES.DICT: {
      const items = stack.popMark();
      machine.pushDict();
      return machine.setItems(items);
    }
    case OPCODES.SETITEM:
      return machine.setItems(stack.popMany(2));
    case OPCODES.SETITEMS:
      return machine.setItems(stack.popMark());

    case OPCODES.EMPTY_SET:
      context.object(OBJECT_BYTES.set);
      return stack.push(new PySet());
    case OPCODES.ADDITEMS: {
      const items = stack.popMark();
      return machine.addItems(stack.top(), items);
    }
    case OPCODES.FROZENSET: {
      const items = stack.popMark();
      context.object(OBJECT_BYTES.set);
      const set = new PySet();
      machine.addItems(set, items);
      return stack.push(set);
    }

    case OPCODES.GET:
      return machine.fetch(machine.lineNumber());
    case OPCODES.BINGET:
      return machine.fetch(reader.uint8());
    case OPCODES.LONG_BINGET:
      return machine.fetch(reader.uint32());
    case OPCODES.PUT:
      return machine.put(machine.lineNumber());
    case OPCODES.BINPUT:
      return machine.put(reader.uint8());
    case OPCODES.LONG_BINPUT:
      return machine.put(reader.uint32());
    case OPCODES.MEMOIZE:
      return machine.put(machine.memoized);

    case OPCODES.GLOBAL:
      return machine.global(utf8(reader.line()), utf8(reader.line()));
    case OPCODES.STACK_GLOBAL: {
      const name = textOf(stack.pop());
      return machine.global(textOf(stack.pop()), name);
    }
    case OPCODES.REDUCE:
    case OPCODES.NEWOBJ: {
      const args = stack.pop();
      return machine.call(stack.pop(), args);
    }
    case OPCODES.NEWOBJ_EX: {
      const named = stack.pop();
      const args = stack.pop();
      if (!(named instanceof PyDict) || named.size > 0) context.fail('a class is called with named arguments');
      return machine.call(stack.pop(), args);
    }
    case OPCODES.OBJ: {
      const [callee, ...args] = stack.popMark();
      return machine.call(callee ?? null, args);
    }
    case OPCODES.INST: {
      machine.global(utf8(reader.line()), utf8(reader.line()));
      const callee = stack.pop();
      return machine.call(callee, stack.popMark());
    }
    case OPCODES.BUILD:
      return machine.build();
    case OPCODES.PERSID:
      return machine.persistent(utf8(reader.line()));
    case OPCODES.BINPERSID:
      return machine.persistent(stack.pop());

    case OPCODES.EXT1:
    case OPCODES.EXT2:
    case OPCODES.EXT4:
      return context.fail("the pickle uses Python's extension registry, which is refused");
    case OPCODES.NEXT_BUFFER:
    case OPCODES.READONLY_BUFFER:
      return context.fail('the pickle keeps its data in buffers outside the file');
    default:
      return context.fail(`0x${opcode.toString(16).padStart(2, '0')} is no opcode of a pickle`);
  }
}
