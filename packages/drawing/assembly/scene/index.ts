export { normals, gather, project, list } from './geometry';
export { rasterize, rasterizeDepth } from './rasterize';
export { collect } from './collect';
export { interpolate } from './interpolate';
export { shadow } from './shadow';
export { light } from './light';
export { composite } from './composite';
