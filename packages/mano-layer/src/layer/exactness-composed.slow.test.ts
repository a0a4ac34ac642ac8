import { describeManySets } from '../test-support/many-sets.js';

describeManySets('composed operations');
