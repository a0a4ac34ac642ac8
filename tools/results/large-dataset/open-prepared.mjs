// Opens a prepared dataset and looks at every annotation:  node open-prepared.mjs FOLDER
import { openPreparedDataset } from '@opposable/hand-datasets/node';

const dataset = await openPreparedDataset(process.argv[2]);
let points = 0;
for (const split of dataset.splits) {
  for (let i = 0; i < dataset.count(split); i++) points += dataset.annotation(split, i).visibility.length;
}
process.stdout.write(`${points / 21} annotations\n`);
