export { PROTOCOL_NAMES, type ProtocolName } from '../evaluation/protocols/protocol-names.js';
export { HEATMAP_FORMATS, type HeatmapFormat } from '../heatmaps/heatmap-formats.js';
export { isNetworkFile, NETWORK_FILES } from '../recipes/export/network-files.js';
export { MESH_FORMATS, type MeshFormat } from '../recipes/mesh-formats.js';
export { BACKENDS, type BackendName } from '../run/backends/backend-names.js';
