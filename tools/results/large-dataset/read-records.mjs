// Reads the annotations of a dataset:  node read-records.mjs READER ROOT [OPTIONS AS JSON]
import { readers } from '@opposable/hand-datasets/node';

const [name, root, options = '{}'] = process.argv.slice(2);
const stream = readers[name](root, JSON.parse(options));
for await (const record of stream.records()) void record;
const { read, dropped } = stream.report;
process.stdout.write(`${read} records, ${Object.values(dropped).reduce((sum, count) => sum + count, 0)} left out\n`);
