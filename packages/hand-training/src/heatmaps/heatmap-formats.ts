/** How the maps of a prepared dataset are kept. */
export const HEATMAP_FORMATS = ['packed', 'array'] as const;
export type HeatmapFormat = (typeof HEATMAP_FORMATS)[number];
