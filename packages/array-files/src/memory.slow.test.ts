import { describeMemory } from './test-support/describe-memory.js';

describe('the memory that a hostile file of eight mebibytes takes', () => describeMemory(1 << 23));
