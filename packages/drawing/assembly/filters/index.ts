export { spread, gather } from './pixels';
export { boxRows, boxColumns } from './box';
export { noise } from './noise';
export { addShifted, average } from './motion';
export { tone } from './tone';
export { fillConvex, gradient, spot, double } from './paint';
export { splitColors, roundBlocks, joinColors } from './jpeg';
