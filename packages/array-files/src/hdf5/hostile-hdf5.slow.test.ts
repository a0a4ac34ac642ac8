import { describeManyMutants } from '../test-support/many-hdf5-mutants.js';

describeManyMutants('HDF5');
