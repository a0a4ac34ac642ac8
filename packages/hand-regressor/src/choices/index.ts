export { HEATMAP_DECODINGS, type HeatmapDecoding } from '../heatmaps/decode-heatmaps.js';
