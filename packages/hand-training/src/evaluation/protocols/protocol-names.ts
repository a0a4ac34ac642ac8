/** Published ways of measuring, by their names. */
export const PROTOCOL_NAMES = ['freihand', 'stb', 'mpii-nzsl', 'ho3d'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
