import { describeManySets } from '../test-support/many-sets.js';

describeManySets('the fused kernel');
