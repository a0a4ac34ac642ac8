import { describeMemory } from './test-support/describe-memory.js';

describe('the memory that a hostile file of half a mebibyte takes', () => describeMemory(1 << 19));
