import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: '__NAME__' };
